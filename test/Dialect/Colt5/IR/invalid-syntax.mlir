// RUN: colt5-opt %s --split-input-file --verify-diagnostics

func.func private @unknown_parameter() attributes {
  // expected-error @below {{unknown parameter 'epsilon', expected one of eps, iterations, init, eps_init, eps_decay, overflow, solver, k_ratio, similarity, scale, block, bypass}}
  a = #colt5.routing<soft_topk, epsilon = 1.0>
}

// -----

func.func private @parameter_twice() attributes {
  // expected-error @below {{parameter 'eps' is given twice}}
  a = #colt5.routing<soft_topk, eps = 1.0, eps = 2.0>
}

// -----

func.func private @unknown_word() attributes {
  // expected-error @below {{unknown value 'hard_topk'}}
  a = #colt5.routing<hard_topk>
}

// -----

func.func private @plan_without_kernel() attributes {
  // expected-error @below {{expected 'kernel'}}
  a = #colt5.plan<role = root>
}

// -----

func.func @unknown_option_value(%s: tensor<1x1x8xf32>, %i: tensor<1x1x4xi32>, %v: tensor<1x1x4xi1>) {
  %0, %1 = colt5.topk ins(%s : tensor<1x1x8xf32>) outs(%i, %v : tensor<1x1x4xi32>, tensor<1x1x4xi1>)
      // expected-error @below {{unknown value 'first' of option 'tie'}}
      {tie = first} -> (tensor<1x1x4xi32>, tensor<1x1x4xi1>)
  return
}

// -----

func.func @option_twice(%s: tensor<1x1x8xf32>, %i: tensor<1x1x4xi32>, %v: tensor<1x1x4xi1>) {
  %0, %1 = colt5.topk ins(%s : tensor<1x1x8xf32>) outs(%i, %v : tensor<1x1x4xi32>, tensor<1x1x4xi1>)
      // expected-error @below {{option 'block' is given twice}}
      {block = 4, block = 4} -> (tensor<1x1x4xi32>, tensor<1x1x4xi1>)
  return
}

// -----

func.func @option_of_wrong_type(%s: tensor<1x1x8xf32>, %i: tensor<1x1x4xi32>, %v: tensor<1x1x4xi1>) {
  // expected-error @below {{attribute 'block' failed to satisfy constraint: 64-bit signless integer attribute}}
  %0, %1 = colt5.topk ins(%s : tensor<1x1x8xf32>) outs(%i, %v : tensor<1x1x4xi32>, tensor<1x1x4xi1>)
      {block = "four"} -> (tensor<1x1x4xi32>, tensor<1x1x4xi1>)
  return
}

// -----

func.func @missing_ins(%s: tensor<1x1x8xf32>) {
  // expected-error @below {{expected 'ins' here; the clauses of 'colt5.topk' are, in this order, ins, mask, outs}}
  %0 = colt5.topk outs(%s : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
  return
}

// -----

func.func @wrong_number_in_clause(%s: tensor<1x1x8xf32>) {
  // expected-error @below {{'ins' takes 2 operand(s), found 1}}
  %0 = colt5.router_scores ins(%s : tensor<1x1x8xf32>) outs(%s : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
  return
}

// -----

func.func @clause_out_of_order(%s: tensor<1x8x4xf32>, %i: tensor<1x3xi32>, %v: tensor<1x3xi1>, %o: tensor<1x3x4xf32>) {
  %0 = colt5.gather ins(%s, %i : tensor<1x8x4xf32>, tensor<1x3xi32>) outs(%o : tensor<1x3x4xf32>)
      // expected-error @below {{expected '->' and the result types here; the clauses of 'colt5.gather' are, in this order, ins, valid, scale, outs}}
      valid(%v : tensor<1x3xi1>) -> tensor<1x3x4xf32>
  return
}

// -----

func.func @unknown_clause(%s: tensor<1x8x4xf32>, %i: tensor<1x3xi32>, %o: tensor<1x3x4xf32>) {
  // expected-error @below {{expected 'outs' here; the clauses of 'colt5.gather' are, in this order, ins, valid, scale, outs}}
  %0 = colt5.gather ins(%s, %i : tensor<1x8x4xf32>, tensor<1x3xi32>) masked(%i : tensor<1x3xi32>)
      outs(%o : tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  return
}

// -----

func.func @composite_lacks_clause(%x: tensor<1x8x4xf32>, %a: tensor<4x6xf32>) {
  // expected-error @below {{expected 'out' here; the clauses of 'colt5.ffn' are, in this order, in, gate, out, in_bias, gate_bias, out_bias}}
  %0 = colt5.ffn %x in(%a) : tensor<1x8x4xf32>, tensor<4x6xf32> -> tensor<1x8x4xf32>
  return
}

// -----

func.func @composite_option_of_wrong_type(%x: tensor<1x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{attribute 'activation' failed to satisfy constraint: activation of a feed-forward branch}}
  %0 = colt5.ffn %x in(%a) out(%c) {activation = 3} : tensor<1x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<1x8x4xf32>
  return
}

// -----

func.func @conditional_option_of_wrong_type(%x: tensor<1x8x4xf32>, %i: tensor<1x3xi32>) {
  // expected-error @below {{attribute 'unique' failed to satisfy constraint: unit attribute}}
  %0 = colt5.conditional %x routed(%i) {unique = 3} : tensor<1x8x4xf32>, tensor<1x3xi32> -> tensor<1x8x4xf32> {
  ^bb0(%t: tensor<1x3x4xf32>):
    colt5.yield %t : tensor<1x3x4xf32>
  }
  return
}

// -----

func.func @composite_lacks_operand(%x: tensor<1x8x4xf32>, %u: tensor<1x4xf32>, %a: tensor<4x6xf32>) {
  // expected-error @below {{'heavy' lacks 'out'}}
  %0 = colt5.conditional_ffn %x router(%u) heavy(in = %a) {tokens = 2}
      : tensor<1x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32> -> tensor<1x8x4xf32>
  return
}

// -----

func.func @composite_unknown_item(%x: tensor<1x8x4xf32>, %u: tensor<1x4xf32>, %a: tensor<4x6xf32>) {
  // expected-error @below {{unexpected item in 'heavy'}}
  %0 = colt5.conditional_ffn %x router(%u) heavy(up = %a) {tokens = 2}
      : tensor<1x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32> -> tensor<1x8x4xf32>
  return
}

// -----

func.func @composite_types(%x: tensor<1x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{number of operands and types do not match: got 3 operands and 2 types}}
  %0 = colt5.ffn %x in(%a) out(%c) : tensor<1x8x4xf32>, tensor<4x6xf32> -> tensor<1x8x4xf32>
  return
}

// -----

func.func @routed_order(%x: tensor<1x8x4xf32>, %i: tensor<1x3xi32>, %w: tensor<1x3xf32>, %v: tensor<1x3xi1>) {
  // expected-error @below {{'routed' takes (indices [, weight] [, valid]) in this order}}
  %0 = colt5.conditional %x routed(%i, %v, %w)
      : tensor<1x8x4xf32>, tensor<1x3xi32>, tensor<1x3xi1>, tensor<1x3xf32> -> tensor<1x8x4xf32> {
  ^bb0(%t: tensor<1x3x4xf32>):
    colt5.yield %t : tensor<1x3x4xf32>
  }
  return
}

// -----

func.func @routed_count(%x: tensor<1x8x4xf32>) {
  // expected-error @below {{'routed' takes indices, and optionally weight and valid, found 0 operand(s)}}
  %0 = colt5.conditional %x routed() : tensor<1x8x4xf32> -> tensor<1x8x4xf32> {
  ^bb0(%t: tensor<1x3x4xf32>):
    colt5.yield %t : tensor<1x3x4xf32>
  }
  return
}
