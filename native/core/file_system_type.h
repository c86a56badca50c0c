// What statfs(2)'s magic number says of a file system's pages.
#ifndef MEMTRACE_CORE_FILE_SYSTEM_TYPE_H_
#define MEMTRACE_CORE_FILE_SYSTEM_TYPE_H_

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace memtrace {

// linux/magic.h does not have them all.
inline constexpr uint64_t kOverlay = 0x794c7630;
inline constexpr uint64_t kFuse = 0x65735546;
inline constexpr uint64_t kAufs = 0x61756673;
inline constexpr uint64_t kEcryptfs = 0xf15f;
inline constexpr uint64_t kHugetlbfs = 0x958458f6;
inline constexpr uint64_t kPseudo[] = {
    0x9fa0 /* proc */,           0x62656572 /* sysfs */,       0x64626720 /* debugfs */,
    0x74726163 /* tracefs */,    0x27e0eb /* cgroup */,        0x63677270 /* cgroup2 */,
    0x73636673 /* securityfs */, 0x62656570 /* configfs */,    0xcafe4a11 /* bpf */,
    0x6165676c /* pstore */,     0xde5e81e4 /* efivarfs */,    0xf97cff8c /* selinuxfs */,
    0x43415d53 /* smackfs */,    0x42494e4d /* binfmt_misc */, 0x65735543 /* fusectl */,
    0x6e736673 /* nsfs */,       0x0187 /* autofs */,          0x19800202 /* mqueue */};

// What a file of these shows as its own is another file's pages: cachestat(2) finds none. So it may be with one that
// is not known (0).
inline bool is_stacked(uint64_t file_system) {
  return file_system == 0 || file_system == kOverlay || file_system == kFuse ||
         file_system == kAufs || file_system == kEcryptfs;
}

inline bool is_pseudo(uint64_t file_system) {
  return std::find(std::begin(kPseudo), std::end(kPseudo), file_system) != std::end(kPseudo);
}

}  // namespace memtrace

#endif  // MEMTRACE_CORE_FILE_SYSTEM_TYPE_H_
