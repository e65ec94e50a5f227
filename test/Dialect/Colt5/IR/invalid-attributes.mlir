// RUN: colt5-opt %s --split-input-file --verify-diagnostics

// expected-error @below {{t5_buckets_c1: expected at least 4 buckets and an even number when bidirectional (at least 2 when causal), and at most 65536, found 2}}
func.func private @t5_buckets_c1() attributes {a = #colt5.t5_buckets<2, 128, bidirectional>}

// -----

// expected-error @below {{t5_buckets_c1: expected at least 4 buckets and an even number when bidirectional (at least 2 when causal), and at most 65536, found 33}}
func.func private @t5_buckets_c1() attributes {a = #colt5.t5_buckets<33, 128, bidirectional>}

// -----

// expected-error @below {{and at most 65536, found 1000000000000}}
func.func private @t5_buckets_c1() attributes {a = #colt5.t5_buckets<1000000000000, 128, causal>}

// -----

// expected-error @below {{t5_buckets_c2: expected a maximum distance above 8 that fits 32 bits, found 8}}
func.func private @t5_buckets_c2() attributes {a = #colt5.t5_buckets<32, 8, bidirectional>}

// -----

// expected-error @below {{t5_buckets_c2: expected a maximum distance above 8 that fits 32 bits, found 4294967296}}
func.func private @t5_buckets_c2() attributes {a = #colt5.t5_buckets<32, 4294967296, bidirectional>}

// -----

// expected-error @below {{window_c1: expected left >= 0 and right >= 0 that fit 32 bits, found -1 and 3}}
func.func private @window_c1() attributes {a = #colt5.window<-1, 3>}

// -----

// expected-error @below {{window_c1: expected left >= 0 and right >= 0 that fit 32 bits, found 1 and 2147483648}}
func.func private @window_c1() attributes {a = #colt5.window<1, 2147483648>}

// -----

// expected-error @below {{block_local_c1: expected size >= 1, back >= 0 and forward >= 0 that fit 32 bits, found 0, 1 and 1}}
func.func private @block_local_c1() attributes {a = #colt5.block_local<0, 1, 1>}

// -----

// expected-error @below {{block_local_c1: expected size >= 1, back >= 0 and forward >= 0 that fit 32 bits, found 8, -1 and 1}}
func.func private @block_local_c1() attributes {a = #colt5.block_local<8, -1, 1>}

// -----

// expected-error @below {{causal_window_c1: expected left >= 0 that fits 32 bits, found -2}}
func.func private @causal_window_c1() attributes {a = #colt5.causal_window<-2>}

// -----

// expected-error @below {{earlier_windows_c1: expected size >= 1 that fits 32 bits, found 0}}
func.func private @earlier_windows_c1() attributes {a = #colt5.earlier_windows<0>}

// -----

// expected-error @below {{all_c1: expected attention patterns, found 3}}
func.func private @all_c1() attributes {a = #colt5.all<[#colt5.causal, 3]>}

// -----

// expected-error @below {{routing_c1: expected finite eps > 0 and eps_init >= 0 (0 means the same as eps), found 0.000000e+00 and 0.000000e+00}}
func.func private @routing_c1() attributes {a = #colt5.routing<soft_topk, eps = 0.0>}

// -----

// expected-error @below {{routing_c1: expected finite eps > 0 and eps_init >= 0 (0 means the same as eps), found 1.000000e+00 and -4.000000e+00}}
func.func private @routing_c1() attributes {a = #colt5.routing<soft_topk, eps_init = -4.0>}

// -----

// expected-error @below {{routing_c2: expected 0 < eps_decay <= 1, found 1.250000e+00}}
func.func private @routing_c2() attributes {a = #colt5.routing<soft_topk, eps_decay = 1.25>}

// -----

// expected-error @below {{routing_c3: expected iterations >= 1, found 0}}
func.func private @routing_c3() attributes {a = #colt5.routing<soft_topk, iterations = 0>}

// -----

// expected-error @below {{routing_c4: expected a finite k_ratio > 0, found -1.000000e+00}}
func.func private @routing_c4() attributes {a = #colt5.routing<soft_topk, k_ratio = -1.0>}

// -----

// expected-error @below {{routing_c5: expected block >= 0 (0 means no blocks), found -8}}
func.func private @routing_c5() attributes {a = #colt5.routing<raw, block = -8>}

// -----

// expected-error @below {{routing_c6: expected a finite scale, found}}
func.func private @routing_c6() attributes {a = #colt5.routing<raw, scale = 0x7FF0000000000000>}

// -----

// expected-error @below {{plan_c1: expected a kernel number in [0, 2^31), found -1}}
func.func private @plan_c1() attributes {a = #colt5.plan<kernel = -1>}

// -----

// expected-error @below {{plan_c1: expected a kernel number in [0, 2^31), found 9223372036854775807}}
func.func private @plan_c1_large() attributes {a = #colt5.plan<kernel = 9223372036854775807>}

// -----

// expected-error @below {{plan_c2: expected the schedule in the plan of the root of kernel 4 only, found #colt5.tiles<[4]> with role = fused}}
func.func private @plan_c2() attributes {a = #colt5.plan<kernel = 4, role = fused, schedule = #colt5.tiles<[4]>>}

// -----

// expected-error @below {{expected a schedule such as #colt5.tiles<[8, 0]>, found #colt5.dense}}
func.func private @no_schedule() attributes {a = #colt5.plan<kernel = 4, schedule = #colt5.dense>}

// -----

// expected-error @below {{unknown attribute `wgmma` in dialect `colt5`}}
func.func private @no_family() attributes {a = #colt5.plan<kernel = 4, schedule = #colt5.wgmma<stages = 4>>}

// -----

// expected-error @below {{schedule_c1: expected tile sizes >= 0 (0 means not tiled), found -2}}
func.func private @schedule_c1_tiles() attributes {a = #colt5.tiles<[4, -2]>}

// -----

// expected-error @below {{schedule_c1: expected tile sizes >= 0 (0 means not tiled), found -1}}
func.func private @schedule_c1_tile() attributes {a = #colt5.loops<tile = [-1]>}

// -----

// expected-error @below {{schedule_c1: expected threads to be a power of two from 32 to 1024, found 96}}
func.func private @schedule_c1_threads() attributes {a = #colt5.simt<threads = 96>}

// -----

// expected-error @below {{schedule_c1: expected key_block to be a multiple of 16 from 16 to 64, found 40}}
func.func private @schedule_c1_multiple() attributes {a = #colt5.simt<key_block = 40>}

// -----

// expected-error @below {{schedule_c1: expected threads to be a power of two from 32 to 1024, found 2048}}
func.func private @schedule_c1_select() attributes {a = #colt5.select<threads = 2048>}

// -----

// expected-error @below {{unknown parameter 'stages', expected one of tile, threads, block_rows, block_columns, block_k, query_block, key_block, head_chunk}}
func.func private @schedule_unknown() attributes {a = #colt5.simt<stages = 3>}

// -----

// expected-error @below {{parameter 'threads' is given twice}}
func.func private @schedule_twice() attributes {a = #colt5.simt<threads = 64, threads = 64>}

// -----

// expected-error @below {{tile_c1: expected a grid dimension >= 0, found -1}}
func.func private @tile_c1() attributes {a = #colt5.tile<-1>}

// -----

// expected-error @below {{routing_c7: expected no eps with kind raw, which does not read it, found one; leave it out or use soft_topk}}
func.func private @routing_c7() attributes {a = #colt5.routing<raw, eps = 2.0>}

// -----

// expected-error @below {{routing_c7: expected no iterations with kind ones}}
func.func private @routing_c7() attributes {a = #colt5.routing<ones, iterations = 3>}

// -----

// expected-error @below {{routing_c7: expected no solver with kind sigmoid}}
func.func private @routing_c7() attributes {a = #colt5.routing<sigmoid, solver = exact>}

// -----

// expected-error @below {{routing_c7: expected no k_ratio with kind softmax_all}}
func.func private @routing_c7() attributes {a = #colt5.routing<softmax_all, k_ratio = 1.125>}

// -----

// expected-error @below {{routing_c8: expected no iterations with solver = exact, which does not read it, found one; leave it out}}
func.func private @routing_c8() attributes {a = #colt5.routing<soft_topk, solver = exact, iterations = 20>}

// -----

// What a default says changes nothing, and scores and blocks are there for every kind.
func.func private @good() attributes {a = #colt5.routing<raw, iterations = 50, scale = 2.0, similarity = cosine, block = 4, bypass = ones>,
                                      b = #colt5.routing<soft_topk, solver = exact, eps = 0.5, k_ratio = 1.125>}
