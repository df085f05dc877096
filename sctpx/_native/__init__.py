# SPDX-License-Identifier: MIT
"""The adapter: the only folder that sees a compiled module's `ffi` and `lib`.

`_module` loads one, `_channel` is a handle with Python's habits, `_sender`, `_receiver` and `_reassembly` move
messages, `_decode`, `_codec` and `_options` translate records. `_contract` and `_protocol` are generated from
`backends/sctpx.h`.
"""
