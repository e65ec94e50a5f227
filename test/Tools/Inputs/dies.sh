#!/bin/sh
# Stands for colt5-opt with two passes, one of which dies and one of which fails without a word.
case "$1" in
  --help) printf '  --colt5-dies\n  --colt5-silent\n' ;;
  --colt5-dies) kill -SEGV $$ ;;
  *) exit 1 ;;
esac
