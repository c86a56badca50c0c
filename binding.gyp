{
  "target_defaults": {
    "cflags_cc": ["-std=c++17", "-Wall", "-Wextra", "-Wno-unused-parameter"],
    "cflags_cc!": ["-fno-exceptions", "-std=gnu++20", "-std=gnu++17"],
    "defines": ["NAPI_VERSION=9", "NODE_ADDON_API_CPP_EXCEPTIONS_ALL"],
    "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")", "native", "bpf"]
  },
  "targets": [
    {
      "target_name": "bpf",
      "sources": ["native/js/bpf.cc", "native/core/bpf_object.cc", "native/core/run_program.cc", "native/core/kernel_types.cc", "native/core/attach.cc", "native/core/map_reader.cc", "native/core/ring.cc", "native/core/calibration.cc", "native/core/user_reads.cc"],
      "libraries": ["-lbpf", "-lelf"]
    },
    {
      "target_name": "elf",
      "sources": ["native/js/elf.cc", "native/core/elf_file.cc", "native/core/symbol_table.cc", "native/core/frame_pointer.cc", "native/core/probe_site.cc", "native/core/linkage.cc"],
      "libraries": ["-lelf", "-lcapstone"]
    },
    {
      "target_name": "lines",
      "sources": ["native/js/lines.cc", "native/core/line_table.cc", "native/core/elf_file.cc", "native/core/symbol_table.cc", "native/core/linkage.cc"],
      "libraries": ["-ldw", "-lelf"]
    },
    {
      "target_name": "inodes",
      "sources": ["native/js/inodes.cc", "native/core/inode.cc"]
    },
    {
      "target_name": "residency",
      "sources": ["native/js/residency.cc", "native/core/residency.cc", "native/core/page_cache.cc", "native/core/directory.cc"]
    },
    {
      "target_name": "memtrace-gate",
      "type": "executable",
      "sources": ["native/gate/gate.c"]
    },
    {
      "target_name": "memtrace-uretprobe-check",
      "type": "executable",
      "sources": ["native/gate/uretprobe_check.c"]
    }
  ]
}
