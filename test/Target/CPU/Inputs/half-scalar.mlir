// Host code of a GPU that computes with scalars, in half precision too.
func.func @f(%x: tensor<?x64xf16>, %s: f16, %b: bf16) -> tensor<?x64xf16> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x64xf16>
  %e = tensor.empty(%n) : tensor<?x64xf16>
  %bf = arith.extf %b : bf16 to f32
  %sf = arith.extf %s : f16 to f32
  %q = arith.mulf %bf, %sf : f32
  %q2 = math.fma %q, %q, %sf : f32
  %fl = math.floor %q2 : f32
  %square = arith.truncf %fl : f32 to f16
  %scaled = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x64xf16>) outs(%e : tensor<?x64xf16>) {
  ^bb0(%a: f16, %o: f16):
    %p = arith.mulf %a, %square : f16
    linalg.yield %p : f16
  } -> tensor<?x64xf16>
  return %scaled : tensor<?x64xf16>
}
