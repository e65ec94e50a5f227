; Phis that swap, loops, switches, calls, aggregates of constants, memory that a loop takes.
@table = private constant [8 x i16] [i16 1, i16 -2, i16 3, i16 -4, i16 5, i16 -6, i16 7, i16 -8], align 16
@pair = private constant { i8, double, <3 x float> } { i8 7, double 0x3FF8000000000000, <3 x float> <float 1.0, float -0.0, float 0x7FF8000000000000> }

define void @case0(ptr %in, ptr %out) {
  %a = load i32, ptr %in, align 1
  %n = and i32 %a, 15
  br label %loop
loop:
  %i = phi i32 [ 0, %0 ], [ %next, %loop ]
  %x = phi i32 [ 1, %0 ], [ %y, %loop ]
  %y = phi i32 [ 2, %0 ], [ %x, %loop ]
  %z = phi i32 [ %a, %0 ], [ %i, %loop ]
  %next = add i32 %i, 1
  %done = icmp uge i32 %next, %n
  br i1 %done, label %end, label %loop
end:
  %s = mul i32 %x, 1000
  %t = add i32 %s, %y
  %u = xor i32 %t, %z
  store i32 %u, ptr %out, align 1
  ret void
}

define void @case1(ptr %in, ptr %out) {
  %a = load i64, ptr %in, align 1
  %k = and i64 %a, -9223372036854775805
  switch i64 %k, label %other [
    i64 0, label %end
    i64 1, label %one
    i64 -9223372036854775808, label %one
    i64 3, label %two
  ]
one:
  br label %end
two:
  %m = mul i64 %a, 3
  br label %end
other:
  %d = phi i64 [ 5, %0 ]
  br label %end
end:
  %r = phi i64 [ %a, %0 ], [ 11, %one ], [ %m, %two ], [ %d, %other ]
  store i64 %r, ptr %out, align 1
  ret void
}

define internal i1 @odd(i7 %x, ptr %p, <4 x float> %v) {
  %b = trunc i7 %x to i1
  store <4 x float> %v, ptr %p, align 4
  ret i1 %b
}

define internal signext i16 @collatz(i16 %x, i16 %n) {
  %stop = icmp eq i16 %n, 0
  br i1 %stop, label %end, label %step
step:
  %low = trunc i16 %x to i1
  %half = lshr i16 %x, 1
  %triple = mul i16 %x, 3
  %more = add i16 %triple, 1
  %y = select i1 %low, i16 %more, i16 %half
  %m = add i16 %n, -1
  %r = call i16 @collatz(i16 %y, i16 %m)
  br label %end
end:
  %z = phi i16 [ %x, %0 ], [ %r, %step ]
  ret i16 %z
}

define void @case2(ptr %in, ptr %out) {
  %byte = load i8, ptr %in, align 1
  %x = trunc i8 %byte to i7
  %v = load <4 x float>, ptr %in, align 1
  %place = alloca [4 x float], align 16
  %o = call i1 @odd(i7 %x, ptr %place, <4 x float> %v)
  %w = zext i1 %o to i16
  %c = load i16, ptr %in, align 1
  %r = call i16 @collatz(i16 %c, i16 20)
  %s = add i16 %r, %w
  %q = getelementptr [4 x float], ptr %place, i64 0, i64 2
  %f = load i32, ptr %q, align 8
  store i16 %s, ptr %out, align 1
  %next = getelementptr i8, ptr %out, i64 4
  store i32 %f, ptr %next, align 1
  ret void
}

define void @case3(ptr %in, ptr %out) {
  %byte = load i8, ptr %in, align 1
  %i = and i8 %byte, 7
  %p = getelementptr [8 x i16], ptr @table, i64 0, i8 %i
  %x = load i16, ptr %p, align 2
  %q = getelementptr { i8, double, <3 x float> }, ptr @pair, i32 0, i32 1
  %d = load double, ptr %q, align 8
  %v = load <3 x float>, ptr getelementptr inbounds (i8, ptr @pair, i64 16), align 16
  store i16 %x, ptr %out, align 1
  %o = getelementptr i8, ptr %out, i64 8
  store double %d, ptr %o, align 1
  %e = getelementptr i8, ptr %out, i64 16
  store <3 x float> %v, ptr %e, align 1
  ret void
}

; A list in memory that every turn of the loop adds to.
define void @case4(ptr %in, ptr %out) {
  %byte = load i8, ptr %in, align 1
  %n = and i8 %byte, 31
  br label %loop
loop:
  %i = phi i8 [ 0, %0 ], [ %next, %loop ]
  %last = phi ptr [ null, %0 ], [ %node, %loop ]
  %node = alloca { i8, ptr }, align 8
  store i8 %i, ptr %node, align 8
  %link = getelementptr { i8, ptr }, ptr %node, i32 0, i32 1
  store ptr %last, ptr %link, align 8
  %next = add i8 %i, 1
  %more = icmp ult i8 %i, %n
  br i1 %more, label %loop, label %walk
walk:
  %at = phi ptr [ %node, %loop ], [ %before, %walk ]
  %sum = phi i32 [ 0, %loop ], [ %total, %walk ]
  %b = load i8, ptr %at, align 8
  %wide = zext i8 %b to i32
  %scaled = mul i32 %sum, 31
  %total = add i32 %scaled, %wide
  %place = getelementptr { i8, ptr }, ptr %at, i32 0, i32 1
  %before = load ptr, ptr %place, align 8
  %end = icmp eq ptr %before, null
  br i1 %end, label %done, label %walk
done:
  store i32 %total, ptr %out, align 1
  ret void
}

define void @case5(ptr %in, ptr %out) {
  %a = load i32, ptr %in, align 1
  %p = getelementptr i8, ptr %out, i64 4
  store i32 %a, ptr %out, align 4
  store i32 7, ptr %p, align 4
  %x = atomicrmw add ptr %out, i32 5 monotonic, align 4
  %y = atomicrmw or ptr %p, i32 8 seq_cst, align 4
  %z = load atomic i32, ptr %out monotonic, align 4
  store atomic i32 %z, ptr %p release, align 4
  %s = add i32 %x, %y
  %q = getelementptr i8, ptr %out, i64 8
  store i32 %s, ptr %q, align 4
  ret void
}

; A mask that goes round a loop, and a value that is the same in all lanes, made in another block.
define void @case6(ptr %in, ptr %out) {
  %bytes = load <8 x i8>, ptr %in, align 1
  %m0 = icmp slt <8 x i8> %bytes, zeroinitializer
  %f = load float, ptr %in, align 1
  %lane = insertelement <8 x float> poison, float %f, i64 0
  br label %loop
loop:
  %m = phi <8 x i1> [ %m0, %0 ], [ %n, %loop ]
  %i = phi i32 [ 0, %0 ], [ %next, %loop ]
  %r = shufflevector <8 x i1> %m, <8 x i1> poison, <8 x i32> <i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 0>
  %n = xor <8 x i1> %r, %m0
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, 5
  br i1 %more, label %loop, label %end
end:
  %s = shufflevector <8 x float> %lane, <8 x float> poison, <8 x i32> zeroinitializer
  %z = select <8 x i1> %n, <8 x float> %s, <8 x float> zeroinitializer
  store <8 x float> %z, ptr %out, align 1
  ret void
}
