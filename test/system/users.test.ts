import { expect, it } from 'vitest';
import { parsePasswd } from '../../src/system/users.ts';

it('users are named by the first line that has their uid', () => {
  const text = 'root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/:/bin/sh\n\n+nis\nwww:x:33:33::/:/\n';
  expect([...parsePasswd(text)]).toEqual([
    [0, 'root'],
    [33, 'www'],
  ]);
});
