"only_verified_c1: z", "complete_c1: y"
