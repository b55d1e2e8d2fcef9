;; Unmasks in place, 16 bytes in one go (RFC 6455 5.3). `npm run wat` makes unmask-wasm.ts of it.
(module
  (memory (export "memory") 2)

  ;; The first `length` bytes of the memory XOR the four of `key`; what lies behind them up to a multiple of 16, too.
  (func (export "unmask") (param $length i32) (param $key i32)
    (local $at i32) (local $keys v128)
    (local.set $keys (i32x4.splat (local.get $key)))
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (v128.store (local.get $at) (v128.xor (v128.load (local.get $at)) (local.get $keys)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $more)))))
