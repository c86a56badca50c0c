// Reading maps: in batches where the map can, entry by entry where it cannot.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>

#include "core/bpf_object.h"
#include "core/system_error.h"

namespace memtrace {
namespace {

constexpr uint32_t kBatch = 1 << 15;

bool per_cpu(bpf_map_type type) {
  return type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH ||
         type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}

uint32_t value_size(const bpf_map* map) {
  uint32_t size = bpf_map__value_size(map);
  if (!per_cpu(bpf_map__type(map))) return size;
  return (size + 7) / 8 * 8 * static_cast<uint32_t>(libbpf_num_possible_cpus());
}

void read_one_by_one(int fd, const std::string& name, Entries& entries) {
  std::vector<uint8_t> key(entries.key_size), next(entries.key_size), value(entries.value_size);
  const void* previous = nullptr;
  while (bpf_map_get_next_key(fd, previous, next.data()) == 0) {
    key = next;
    previous = key.data();
    if (bpf_map_lookup_elem(fd, key.data(), value.data()) < 0) {
      if (errno == ENOENT) continue;  // gone between the two calls
      throw SystemError("map.read", name, errno);
    }
    entries.keys.insert(entries.keys.end(), key.begin(), key.end());
    entries.values.insert(entries.values.end(), value.begin(), value.end());
    ++entries.length;
  }
}

// False where the kernel has no batches for this map.
bool read_in_batches(int fd, const std::string& name, Entries& entries) {
  // A token is a bucket's number for hashes, a key for arrays.
  std::vector<uint8_t> token(std::max<size_t>(entries.key_size, 8));
  uint32_t batch = kBatch;
  bool first = true;
  for (;;) {
    uint32_t count = batch;
    entries.keys.resize((entries.length + count) * entries.key_size);
    entries.values.resize((entries.length + count) * entries.value_size);
    int result = bpf_map_lookup_batch(fd, first ? nullptr : token.data(), token.data(),
                                      entries.keys.data() + entries.length * entries.key_size,
                                      entries.values.data() + entries.length * entries.value_size,
                                      &count, nullptr);
    int error = result < 0 ? errno : 0;
    if (error == ENOSPC) {  // a bucket longer than the batch: nothing was read
      batch *= 2;
      continue;
    }
    if (error && error != ENOENT) {
      if (first && (error == EINVAL || error == EOPNOTSUPP || error == 524)) return false;
      throw SystemError("map.read", name, error);
    }
    entries.length += count;
    first = false;
    if (error == ENOENT) break;  // the end
  }
  entries.keys.resize(entries.length * entries.key_size);
  entries.values.resize(entries.length * entries.value_size);
  return true;
}

}  // namespace

Entries BpfObject::read(const std::string& name) const {
  const bpf_map* from = map(name);
  Entries entries;
  entries.key_size = bpf_map__key_size(from);
  entries.value_size = value_size(from);
  int fd = bpf_map__fd(from);
  if (per_cpu(bpf_map__type(from)) || !read_in_batches(fd, name, entries)) {
    entries.keys.clear();
    entries.values.clear();
    entries.length = 0;
    read_one_by_one(fd, name, entries);
  }
  return entries;
}

Entries BpfObject::take(const std::string& name, const std::vector<uint8_t>& keys) {
  const bpf_map* from = map(name);
  Entries entries;
  entries.key_size = bpf_map__key_size(from);
  entries.value_size = value_size(from);
  if (keys.size() % entries.key_size != 0) throw SystemError("map.take", name, EINVAL);
  int fd = bpf_map__fd(from);
  std::vector<uint8_t> value(entries.value_size);
  for (auto key = keys.begin(); key != keys.end(); key += entries.key_size) {
    // Before 5.14 (3e87f192b405 "bpf: Add lookup_and_delete_elem support to hashtab") in two steps.
    if (bpf_map_lookup_and_delete_elem(fd, &*key, value.data()) < 0 &&
        (bpf_map_lookup_elem(fd, &*key, value.data()) < 0 || bpf_map_delete_elem(fd, &*key) < 0)) {
      if (errno == ENOENT) continue;
      throw SystemError("map.take", name, errno);
    }
    entries.keys.insert(entries.keys.end(), key, key + entries.key_size);
    entries.values.insert(entries.values.end(), value.begin(), value.end());
    ++entries.length;
  }
  return entries;
}

std::optional<std::vector<uint8_t>> BpfObject::lookup(const std::string& name,
                                                      const std::vector<uint8_t>& key) const {
  const bpf_map* from = map(name);
  if (key.size() != bpf_map__key_size(from)) throw SystemError("map.lookup", name, EINVAL);
  std::vector<uint8_t> value(value_size(from));
  if (bpf_map_lookup_elem(bpf_map__fd(from), key.data(), value.data()) == 0) return value;
  if (errno == ENOENT) return std::nullopt;
  throw SystemError("map.lookup", name, errno);
}

void BpfObject::update(const std::string& name, const std::vector<uint8_t>& key,
                       const std::vector<uint8_t>& value) {
  const bpf_map* to = map(name);
  if (key.size() != bpf_map__key_size(to) || value.size() != value_size(to))
    throw SystemError("map.update", name, EINVAL);
  if (bpf_map_update_elem(bpf_map__fd(to), key.data(), value.data(), BPF_ANY) < 0)
    throw SystemError("map.update", name, errno);
}

bool BpfObject::remove(const std::string& name, const std::vector<uint8_t>& key) {
  const bpf_map* from = map(name);
  if (key.size() != bpf_map__key_size(from)) throw SystemError("map.remove", name, EINVAL);
  if (bpf_map_delete_elem(bpf_map__fd(from), key.data()) == 0) return true;
  if (errno == ENOENT) return false;
  throw SystemError("map.remove", name, errno);
}

}  // namespace memtrace
