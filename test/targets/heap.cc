// C++: every form of new and delete, and what containers make of them. by_X keeps its blocks,
// by_X_freed deletes them.
#include <memory>
#include <new>
#include <vector>

#include "serve.h"

namespace
{

struct Plain {
	char bytes[120];
};
struct alignas(64) Aligned {
	char bytes[128];
};
struct Traced { // its destructor makes new[] keep a count: 8 bytes more than the elements
	~Traced() { STAY(); }
	char bytes[24];
};

const std::align_val_t kAlignment{ 128 };

} // namespace

STEP void by_new()
{
	KEEP(new Plain);
}
STEP void by_new_array()
{
	KEEP(new char[3000]);
}
STEP void by_new_counted_array()
{
	KEEP(new Traced[10]);
}
STEP void by_new_huge()
{
	KEEP(new char[1 << 20]);
}
STEP void by_new_nothrow()
{
	KEEP(new (std::nothrow) Plain);
}
STEP void by_new_array_nothrow()
{
	KEEP(new (std::nothrow) char[700]);
}
STEP void by_new_aligned()
{
	KEEP(new Aligned);
}
STEP void by_new_aligned_array()
{
	KEEP(new Aligned[4]);
}
STEP void by_operator_new_aligned()
{
	KEEP(::operator new(500, kAlignment));
}

STEP void by_new_freed()
{
	Plain *block = new Plain;
	KEEP(block);
	delete block;
	STAY();
}
STEP void by_new_array_freed()
{
	char *block = new char[3000];
	KEEP(block);
	delete[] block;
	STAY();
}
STEP void by_new_counted_array_freed()
{
	Traced *block = new Traced[10];
	KEEP(block);
	delete[] block;
	STAY();
}
STEP void by_new_aligned_freed()
{
	Aligned *block = new Aligned;
	KEEP(block);
	delete block;
	STAY();
}
STEP void by_new_huge_freed()
{
	char *block = new char[1 << 20];
	KEEP(block);
	delete[] block;
	STAY();
}
STEP void by_sized_delete()
{
	void *block = ::operator new(256);
	KEEP(block);
	::operator delete (block, std::size_t{ 256 });
	STAY();
}
STEP void by_aligned_sized_delete()
{
	void *block = ::operator new(512, kAlignment);
	KEEP(block);
	::operator delete (block, std::size_t{ 512 }, kAlignment);
	STAY();
}
STEP void by_unique_ptr()
{
	std::unique_ptr<Plain> block(new Plain);
	KEEP(block.get());
}
// 1 block of 8 * 1000 bytes; the vector itself lies in no block.
STEP void by_vector()
{
	alignas(std::vector<long>) static char place[sizeof(std::vector<long>)];
	auto *numbers = new (place) std::vector<long>;

	numbers->reserve(1000);
	KEEP(numbers->data());
}
STEP void by_bad_alloc()
{
	volatile std::size_t too_much = static_cast<std::size_t>(1) << 62;
	try {
		KEEP(::operator new(too_much));
	} catch (const std::bad_alloc &) {
		STAY();
	}
}

#define EACH(WHAT)                       \
	WHAT(by_new)                     \
	WHAT(by_new_array)               \
	WHAT(by_new_counted_array)       \
	WHAT(by_new_huge)                \
	WHAT(by_new_nothrow)             \
	WHAT(by_new_array_nothrow)       \
	WHAT(by_new_aligned)             \
	WHAT(by_new_aligned_array)       \
	WHAT(by_operator_new_aligned)    \
	WHAT(by_new_freed)               \
	WHAT(by_new_array_freed)         \
	WHAT(by_new_counted_array_freed) \
	WHAT(by_new_aligned_freed)       \
	WHAT(by_new_huge_freed)          \
	WHAT(by_sized_delete)            \
	WHAT(by_aligned_sized_delete)    \
	WHAT(by_unique_ptr)              \
	WHAT(by_vector)                  \
	WHAT(by_bad_alloc)

EACH(TIMES)

#define COMMA_ROW(function) ROW(function),

static const step steps[] = { EACH(COMMA_ROW){ nullptr, nullptr } };

int main()
{
	return serve(steps);
}
