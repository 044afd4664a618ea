;; What is done to every pixel of an image of interleaved 8-bit RGB: the two passes of Pillow's resize (sums of pixels times
;; 22-bit weights, rounded and clipped), and normalising. Pointers are in bytes. Buffers of pixels need 16 bytes more than
;; their pixels: reads and writes go beyond the last.
(module
  (memory (export "memory") 1)

  ;; The horizontal pass: [rows, columns, 3] to [rows, size, 3]. Pixel x of a row is made of `counts[x]` pixels from
  ;; `starts[x]` on; its weights are at `weights + 4 stride x`.
  (func (export "across")
    (param $source i32) (param $columns i32) (param $rows i32)
    (param $starts i32) (param $counts i32) (param $weights i32) (param $stride i32)
    (param $size i32) (param $target i32)
    (local $x i32) (local $from i32) (local $weight i32) (local $last i32) (local $sum v128)
    (loop $each-row
      (local.set $x (i32.const 0))
      (loop $each-pixel
        (local.set $from
          (i32.add
            (local.get $source)
            (i32.mul (i32.load (i32.add (local.get $starts) (i32.shl (local.get $x) (i32.const 2)))) (i32.const 3))))
        (local.set $weight
          (i32.add (local.get $weights) (i32.shl (i32.mul (local.get $x) (local.get $stride)) (i32.const 2))))
        (local.set $last
          (i32.add
            (local.get $weight)
            (i32.shl
              (i32.load (i32.add (local.get $counts) (i32.shl (local.get $x) (i32.const 2))))
              (i32.const 2))))
        (local.set $sum (i32x4.splat (i32.const 0x200000)))
        (loop $each-tap
          ;; Red, green, blue, and what comes after, which is thrown away.
          (local.set $sum
            (i32x4.add
              (local.get $sum)
              (i32x4.mul
                (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $from))))
                (v128.load32_splat (local.get $weight)))))
          (local.set $from (i32.add (local.get $from) (i32.const 3)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
          (br_if $each-tap (i32.lt_u (local.get $weight) (local.get $last))))
        (local.set $sum (i32x4.shr_s (local.get $sum) (i32.const 22)))
        (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
        (v128.store32_lane 0 (local.get $target) (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))
        (local.set $target (i32.add (local.get $target) (i32.const 3)))
        (local.set $x (i32.add (local.get $x) (i32.const 1)))
        (br_if $each-pixel (i32.lt_u (local.get $x) (local.get $size))))
      (local.set $source (i32.add (local.get $source) (i32.mul (local.get $columns) (i32.const 3))))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $each-row (local.get $rows))))

  ;; The vertical pass: rows of `bytes` bytes to `size` such rows; row y is made of `counts[y]` rows from `starts[y]` on.
  (func (export "down")
    (param $source i32) (param $bytes i32)
    (param $starts i32) (param $counts i32) (param $weights i32) (param $stride i32)
    (param $size i32) (param $target i32)
    (local $y i32) (local $at i32) (local $from i32) (local $weight i32) (local $last i32) (local $first i32)
    (local $factor v128) (local $pixels v128) (local $half v128)
    (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
    (loop $each-row
      (local.set $first
        (i32.add (local.get $weights) (i32.shl (i32.mul (local.get $y) (local.get $stride)) (i32.const 2))))
      (local.set $last
        (i32.add
          (local.get $first)
          (i32.shl
            (i32.load (i32.add (local.get $counts) (i32.shl (local.get $y) (i32.const 2))))
            (i32.const 2))))
      (local.set $at (i32.const 0))
      (loop $each-16
        (local.set $from
          (i32.add
            (i32.add (local.get $source) (local.get $at))
            (i32.mul
              (i32.load (i32.add (local.get $starts) (i32.shl (local.get $y) (i32.const 2))))
              (local.get $bytes))))
        (local.set $weight (local.get $first))
        (local.set $sum0 (i32x4.splat (i32.const 0x200000)))
        (local.set $sum1 (local.get $sum0))
        (local.set $sum2 (local.get $sum0))
        (local.set $sum3 (local.get $sum0))
        (loop $each-tap
          (local.set $factor (v128.load32_splat (local.get $weight)))
          (local.set $pixels (v128.load (local.get $from)))
          (local.set $half (i16x8.extend_low_i8x16_u (local.get $pixels)))
          (local.set $sum0
            (i32x4.add (local.get $sum0) (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $half)) (local.get $factor))))
          (local.set $sum1
            (i32x4.add (local.get $sum1) (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $half)) (local.get $factor))))
          (local.set $half (i16x8.extend_high_i8x16_u (local.get $pixels)))
          (local.set $sum2
            (i32x4.add (local.get $sum2) (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $half)) (local.get $factor))))
          (local.set $sum3
            (i32x4.add (local.get $sum3) (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $half)) (local.get $factor))))
          (local.set $from (i32.add (local.get $from) (local.get $bytes)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
          (br_if $each-tap (i32.lt_u (local.get $weight) (local.get $last))))
        (v128.store
          (i32.add (local.get $target) (local.get $at))
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $sum0) (i32.const 22))
              (i32x4.shr_s (local.get $sum1) (i32.const 22)))
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $sum2) (i32.const 22))
              (i32x4.shr_s (local.get $sum3) (i32.const 22)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $each-16 (i32.lt_u (local.get $at) (local.get $bytes))))
      (local.set $target (i32.add (local.get $target) (local.get $bytes)))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $each-row (i32.lt_u (local.get $y) (local.get $size)))))

  ;; Each byte of [pixels, 3], up to `end`, as the float32 that a table of its channel, [3, 256], has for it.
  (func (export "normalise") (param $source i32) (param $end i32) (param $table i32) (param $target i32)
    (loop $each-pixel
      (f32.store
        (local.get $target)
        (f32.load (i32.add (local.get $table) (i32.shl (i32.load8_u (local.get $source)) (i32.const 2)))))
      (f32.store offset=4
        (local.get $target)
        (f32.load offset=1024
          (i32.add (local.get $table) (i32.shl (i32.load8_u offset=1 (local.get $source)) (i32.const 2)))))
      (f32.store offset=8
        (local.get $target)
        (f32.load offset=2048
          (i32.add (local.get $table) (i32.shl (i32.load8_u offset=2 (local.get $source)) (i32.const 2)))))
      (local.set $source (i32.add (local.get $source) (i32.const 3)))
      (local.set $target (i32.add (local.get $target) (i32.const 12)))
      (br_if $each-pixel (i32.lt_u (local.get $source) (local.get $end))))))
