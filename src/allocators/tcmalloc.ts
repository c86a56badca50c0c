import type { Allocator } from './allocator.ts';
import { cFunctions, mappingFunctions, withPrefix } from './c-functions.ts';
import { operatorDeletes, operatorNews } from './cxx-operators.ts';

/** tcmalloc: gperftools' (tc_*) and Google's own (size-returning new, sdallocx). */
export const tcmalloc: Allocator = {
  name: 'tcmalloc',
  library: /^libtcmalloc[^/]*\.so/,
  marks: ['tc_malloc', 'TCMallocInternalMalloc', '__size_returning_new'],
  functions: [
    ...cFunctions(),
    ...operatorNews,
    ...operatorDeletes,
    ...mappingFunctions,
    ...cFunctions('tc_'),
    ...withPrefix('tc_', {
      malloc_skip_new_handler: 'size',
      new: 'size-throwing',
      new_nothrow: 'size',
      new_aligned: 'size-throwing',
      new_aligned_nothrow: 'size',
      newarray: 'size-throwing',
      newarray_nothrow: 'size',
      newarray_aligned: 'size-throwing',
      newarray_aligned_nothrow: 'size',
      delete: 'free',
      delete_sized: 'free',
      delete_nothrow: 'free',
      delete_aligned: 'free',
      delete_sized_aligned: 'free',
      delete_aligned_nothrow: 'free',
      deletearray: 'free',
      deletearray_sized: 'free',
      deletearray_nothrow: 'free',
      deletearray_aligned: 'free',
      deletearray_sized_aligned: 'free',
      deletearray_aligned_nothrow: 'free',
    }),
    ...withPrefix('', {
      sdallocx: 'free',
      TCMallocInternalMalloc: 'size',
      TCMallocInternalCalloc: 'count-size',
      TCMallocInternalRealloc: 'realloc',
      TCMallocInternalFree: 'free',
      TCMallocInternalMemalign: 'aligned',
      TCMallocInternalAlignedAlloc: 'aligned',
      TCMallocInternalPosixMemalign: 'out-aligned',
      // {pointer, size} comes back in two registers, the pointer in the usual one.
      __size_returning_new: 'size-throwing',
      __size_returning_new_aligned: 'size',
      tcmalloc_size_returning_operator_new: 'size',
      tcmalloc_size_returning_operator_new_nothrow: 'size',
    }),
  ],
};
