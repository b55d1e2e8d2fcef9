;; Where in the window lines could end, 64 bytes in one go. `npm run wat` makes scan-wasm.ts of it.
;; Memory: the window from 0 on, the places found from 65536 on, four bytes each.
;; https://webassembly.github.io/spec/core/text/index.html
(module
  (memory (export "memory") 3)

  ;; Looks at `length` bytes; 64 spaces are written behind them. Gives how many LF, CR and NUL were found, or -1 less
  ;; that number when not all is ASCII.
  (func (export "scan") (param $length i32) (result i32)
    (local $at i32) (local $out i32) (local $bits i64) (local $seen v128) (local $table v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $out (i32.const 65536))

    (local.set $a (v128.const i8x16 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32 32))
    (v128.store (local.get $length) (local.get $a))
    (v128.store offset=16 (local.get $length) (local.get $a))
    (v128.store offset=32 (local.get $length) (local.get $a))
    (v128.store offset=48 (local.get $length) (local.get $a))

    ;; What `swizzle` makes of a byte: -1 of NUL, LF and CR, 0 of all others, those from 16 on included.
    (local.set $table (v128.const i8x16 -1 0 0 0 0 0 0 0 0 0 -1 0 0 -1 0 0))
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $a (v128.load (local.get $at)))
        (local.set $b (v128.load offset=16 (local.get $at)))
        (local.set $c (v128.load offset=32 (local.get $at)))
        (local.set $d (v128.load offset=48 (local.get $at)))
        (local.set $seen
          (v128.or (local.get $seen)
            (v128.or
              (v128.or (local.get $a) (local.get $b))
              (v128.or (local.get $c) (local.get $d)))))
        ;; One bit for each of the 64 bytes, the first one's lowest.
        (local.set $bits
          (i64.or
            (i64.extend_i32_u
              (i32.or
                (i8x16.bitmask (i8x16.swizzle (local.get $table) (local.get $a)))
                (i32.shl (i8x16.bitmask (i8x16.swizzle (local.get $table) (local.get $b))) (i32.const 16))))
            (i64.shl
              (i64.extend_i32_u
                (i32.or
                  (i8x16.bitmask (i8x16.swizzle (local.get $table) (local.get $c)))
                  (i32.shl (i8x16.bitmask (i8x16.swizzle (local.get $table) (local.get $d))) (i32.const 16))))
              (i64.const 32))))
        (block $marked
          (loop $mark
            (br_if $marked (i64.eqz (local.get $bits)))
            (i32.store (local.get $out)
              (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $bits)))))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))
            (local.set $bits (i64.and (local.get $bits) (i64.sub (local.get $bits) (i64.const 1))))
            (br $mark)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $more)))
    (local.set $out (i32.shr_u (i32.sub (local.get $out) (i32.const 65536)) (i32.const 2)))
    (if (result i32) (i8x16.bitmask (local.get $seen))
      (then (i32.sub (i32.const -1) (local.get $out)))
      (else (local.get $out)))))
