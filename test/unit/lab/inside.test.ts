import { describe, expect, it } from 'vitest';
import { type HostFiles, type Inside, insideScript, mountPoints } from '../../../src/lab/inside.js';

describe('the file systems of the host that a machine sees', () => {
  it('are in order of depth, once each, without those that it has its own of, and those that start a daemon', () => {
    const lines = [
      '40 30 0:5 / /srv/a\\040b/c rw shared:1 - ext4 /dev/sdb rw',
      '30 1 8:1 / / rw - ext4 /dev/sda rw',
      '31 30 0:6 / /proc rw shared:2 master:3 - proc proc rw',
      '32 30 0:7 / /run/netns rw - tmpfs none rw',
      '33 30 0:8 / /misc rw - autofs systemd-1 rw',
      '34 30 8:2 / /home rw - xfs /dev/sdc rw',
      '35 30 8:2 / /home rw - xfs /dev/sdc rw',
      '36 30 8:3 / /runaway rw - xfs /dev/sdd rw',
    ];
    expect(mountPoints(`${lines.join('\n')}\n`)).toEqual(['/', '/home', '/runaway', '/srv/a b/c']);
  });
});

describe('the script', () => {
  const inside: Inside = {
    machine: 'web-1',
    userNamespace: '/proc/7/fd/9',
    workshop: '/l/workshop',
    scratch: '/l/a b',
    hosts: '/l/hosts',
    resolver: '/l/resolver',
    hidden: ['/l', '/run/sglab'],
  };
  const host: HostFiles = {
    directories: [
      { path: '/', mode: '755', uid: 0, gid: 0 },
      { path: '/my data', mode: '1777', uid: 5, gid: 6 },
    ],
    files: ['/etc/hostname'],
    runDirectories: [],
    devices: ['null'],
    readOnly: ['sys'],
    unreadable: [],
  };
  const script = insideScript(inside, host);

  it('writes names as the shell and fstab want them', () => {
    expect(script).toContain("'/l/a\\040b /l/workshop/root/run/machine none bind,nodev,nosuid,x-mount.mkdir'");
    expect(script).toContain("unlayered '/my data' '/l/workshop/root/my data'");
  });

  it('gives the layer of a file system the permissions that its directory has', () => {
    expect(script).toMatch(/^chmod 1777 1\/upper$/m);
    expect(script).toMatch(/^chown 5:6 1\/upper$/m);
  });

  it('hides the directory of the labs where a machine has no own one in its place', () => {
    expect(script).toContain('tmpfs /l/workshop/root/l');
    expect(script).not.toContain('root/run/sglab');
  });
});
