/**
 * System calls that Node does not offer, through koffi. This is the only file that calls C: every result is a number or
 * null here, and an error of the kernel is a `KernelError` with the errno's name.
 */
import os from 'node:os';
import koffi from 'koffi';
import { KernelError } from './errors.js';

const libc = koffi.load('libc.so.6');

export const libcCalls = {
  setns: libc.func('int setns(int fd, int nstype)'),
  unshare: libc.func('int unshare(int flags)'),
  openTree: libc.func('int open_tree(int directory, const char *path, unsigned int flags)'),
  mountSetattr: libc.func(
    'int mount_setattr(int fd, const char *path, unsigned int flags, _In_ uint8_t *attributes, size_t size)',
  ),
  closeRange: libc.func('int close_range(unsigned int first, unsigned int last, int flags)'),
  socket: libc.func('int socket(int domain, int type, int protocol)'),
  bind: libc.func('int bind(int fd, _In_ uint8_t *address, uint32_t length)'),
  connect: libc.func('int connect(int fd, _In_ uint8_t *address, uint32_t length)'),
  listen: libc.func('int listen(int fd, int backlog)'),
  accept4: libc.func('int accept4(int fd, void *address, void *length, int flags)'),
  setsockopt: libc.func('int setsockopt(int fd, int level, int name, _In_ uint8_t *value, uint32_t length)'),
  getsockopt: libc.func('int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)'),
  recvfrom: libc.func(
    'int64_t recvfrom(int fd, _Out_ uint8_t *data, size_t length, int flags, _Out_ uint8_t *address, _Inout_ uint32_t *addressLength)',
  ),
  sendto: libc.func(
    'int64_t sendto(int fd, _In_ uint8_t *data, size_t length, int flags, _In_ uint8_t *address, uint32_t addressLength)',
  ),
  getsockname: libc.func('int getsockname(int fd, _Out_ uint8_t *address, _Inout_ uint32_t *length)'),
  getpeername: libc.func('int getpeername(int fd, _Out_ uint8_t *address, _Inout_ uint32_t *length)'),
  ioctl: libc.func('int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)'),
  close: libc.func('int close(int fd)'),
  flock: libc.func('int flock(int fd, int operation)'),
  epollCreate: libc.func('int epoll_create1(int flags)'),
  epollControl: libc.func('int epoll_ctl(int epoll, int operation, int fd, _In_ uint8_t *event)'),
  epollWait: libc.func('int epoll_wait(int epoll, _Out_ uint8_t *events, int most, int timeout)'),
  eventfd: libc.func('int eventfd(unsigned int initial, int flags)'),
  write: libc.func('int64_t write(int fd, _In_ uint8_t *data, size_t length)'),
} as const;

/** Name of the last call's errno, for example `ECONNREFUSED`. It must be read before the next call. */
export function errno(): string {
  return errnoName(koffi.errno());
}

export function errnoName(code: number): string {
  return names.get(code) ?? `errno ${code}`;
}

const names = new Map(Object.entries(os.constants.errno).map(([name, code]) => [code, name]));
// EWOULDBLOCK is the same number on Linux; the kernel's manual pages say EAGAIN.
names.set(os.constants.errno.EAGAIN, 'EAGAIN');

/**
 * The result of a system call.
 * @throws KernelError if it is negative
 */
export function checked(call: string, result: number): number {
  if (result < 0) throw new KernelError({ command: call, stderr: errno() });
  return result;
}
