// expected-error @below {{op only_tested_c1: z}} expected-error {{op complete_c1: y}}
// expected-error @below {{op complete_c1: y}}
