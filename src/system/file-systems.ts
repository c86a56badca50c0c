/** statfs(2)'s magic numbers of file systems that keep files of users. */
const names: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x5846_5342: 'xfs',
  0x9123_683e: 'btrfs',
  0xf2f5_2010: 'f2fs',
  0x0102_1994: 'tmpfs',
  0x8584_58f6: 'ramfs',
  0x794c_7630: 'overlayfs',
  0x6573_5546: 'fuse',
  0x6969: 'nfs',
  0xff53_4d42: 'cifs',
  0xfe53_4d42: 'smb2',
  0x00c3_6400: 'ceph',
  0x2fc1_2fc1: 'zfs',
  0x9584_58f6: 'hugetlbfs',
  0x7371_7368: 'squashfs',
  0xe0f5_e1e2: 'erofs',
  0x4d44: 'vfat',
  0x2011_bab0: 'exfat',
  0x9660: 'iso9660',
  0x0102_1997: '9p',
  0x6173_7566: 'aufs',
  0xf15f: 'ecryptfs',
  0x9fa0: 'proc',
  0x6265_6572: 'sysfs',
};

/** e.g. `ext4` (which ext2 and ext3 are, too), or the number in hex. */
export const fileSystemName = (magic: number): string => names[magic] ?? `0x${magic.toString(16)}`;
