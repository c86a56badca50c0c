import { describe, expect, it } from 'vitest';
import { shortName } from '../../src/view/short-name.ts';

describe('the short name of', () => {
  it.for([
    ['malloc', 'malloc'],
    [
      'std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::_M_create(unsigned long&, unsigned long)',
      'std::__cxx11::basic_string<…>::_M_create(…)',
    ],
    ['app::Session::Session()', 'app::Session::Session()'],
    ['app::run(void (*)(int), int) const', 'app::run(…) const'],
    ['operator new(unsigned long)', 'operator new(…)'],
    ['app::Less::operator()(int, int) const', 'app::Less::operator()(…) const'],
    ['std::operator<<(std::ostream&, char)', 'std::operator<<(…)'],
    ['(anonymous namespace)::grow(int)', '(anonymous namespace)::grow(…)'],
    ['app::(anonymous namespace)::grow(int)', 'app::(anonymous namespace)::grow(…)'],
    [
      '<alloc::vec::Vec<T> as core::clone::Clone>::clone',
      '<alloc::vec::Vec<…> as core::clone::Clone>::clone',
    ],
    ['alloc::raw_vec::RawVec<T,A>::reserve', 'alloc::raw_vec::RawVec<…>::reserve'],
    [
      'core::ops::function::FnOnce::call_once{{vtable.shim}}',
      'core::ops::function::FnOnce::call_once{{vtable.shim}}',
    ],
    ['auto map<int>(int)->int', 'auto map<…>(…)->int'],
    ['broken<name', 'broken<name'],
    ['', ''],
  ] as const)('%s', ([symbol, short]) => {
    expect(shortName(symbol)).toBe(short);
  });
});
