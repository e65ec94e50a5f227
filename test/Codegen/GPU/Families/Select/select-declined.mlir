// A loop that says select and is none of it is an error, with the reason: colt5-plan says select only where it is.
// RUN: colt5-opt %s -split-input-file --colt5-build-kernels --verify-diagnostics

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>

func.func @two_ops(%s: tensor<2x1x8xf32>, %k: f32, %w: tensor<2x1x8xf32>) -> tensor<2x1x8xf32> {
  // expected-error @below {{'scf.forall' op is planned for family select, which does not take this kernel: expected one colt5.topk or colt5.soft_topk and no other op in the loop; expected #colt5.simt as the schedule in the plan of the loop}}
  %r = scf.forall (%b) in (2) shared_outs(%out = %w) -> (tensor<2x1x8xf32>) {
    %row = tensor.extract_slice %s[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %to = tensor.extract_slice %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %first = colt5.soft_topk ins(%row, %k : tensor<1x1x8xf32>, f32) outs(%to : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
    %second = colt5.soft_topk ins(%first, %k : tensor<1x1x8xf32>, f32) outs(%to : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %second into %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<1x1x8xf32> into tensor<2x1x8xf32>
    }
  } {colt5.plan = #plan, mapping = [#colt5.tile<0>]}
  return %r : tensor<2x1x8xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>

func.func @part_of_a_row(%s: tensor<2x1x16xf32>, %k: f32, %w: tensor<2x1x8xf32>) -> tensor<2x1x8xf32> {
  // expected-error @below {{'scf.forall' op is planned for family select, which does not take this kernel: operand #0 is neither sliced row by row nor whole in dimension 2; expected #colt5.simt as the schedule in the plan of the loop}}
  %r = scf.forall (%b) in (2) shared_outs(%out = %w) -> (tensor<2x1x8xf32>) {
    %row = tensor.extract_slice %s[%b, 0, 4] [1, 1, 8] [1, 1, 1] : tensor<2x1x16xf32> to tensor<1x1x8xf32>
    %to = tensor.extract_slice %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %first = colt5.soft_topk ins(%row, %k : tensor<1x1x8xf32>, f32) outs(%to : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %first into %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<1x1x8xf32> into tensor<2x1x8xf32>
    }
  } {colt5.plan = #plan, mapping = [#colt5.tile<0>]}
  return %r : tensor<2x1x8xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>

func.func @budget_of_the_row(%s: tensor<2x1x8xf32>, %k: f32, %w: tensor<2x1x8xf32>) -> tensor<2x1x8xf32> {
  // expected-error @below {{'scf.forall' op is planned for family select, which does not take this kernel: operand #1 is computed in the loop; expected #colt5.simt as the schedule in the plan of the loop}}
  %r = scf.forall (%b) in (2) shared_outs(%out = %w) -> (tensor<2x1x8xf32>) {
    %twice = arith.addf %k, %k : f32
    %row = tensor.extract_slice %s[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %to = tensor.extract_slice %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %first = colt5.soft_topk ins(%row, %twice : tensor<1x1x8xf32>, f32) outs(%to : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %first into %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<1x1x8xf32> into tensor<2x1x8xf32>
    }
  } {colt5.plan = #plan, mapping = [#colt5.tile<0>]}
  return %r : tensor<2x1x8xf32>
}
