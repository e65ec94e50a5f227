int  unformatted( void )
{ return 1; }
