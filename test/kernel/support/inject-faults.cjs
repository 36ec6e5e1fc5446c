/**
 * Loaded into sglab by NODE_OPTIONS: fails calls at its border to the kernel (files, libc, starts of processes) with an
 * errno that the call can have. The file that SGLAB_TEST_FAULTS names says which; it is read at the start of a
 * controller, and at SIGUSR2. SIGUSR1 throws an error that nobody catches, SIGPWR rejects a promise.
 */
const { ChildProcess } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const koffi = require('koffi');

const OPENING = ['openSync', 'readFileSync', 'writeFileSync', 'appendFileSync', 'readdirSync'];
const WRITING = ['mkdirSync', 'writeSync', 'writeFileSync', 'appendFileSync', 'fsyncSync', 'linkSync', 'renameSync'];
const SOCKETS = ['socket', 'accept4', 'epoll_create1', 'eventfd'];
const IN_MEMORY = ['setns', 'bind', 'connect', 'listen', 'setsockopt', 'sendto', 'epoll_ctl'];
/** The calls that can fail so. */
const CALLS = {
  EMFILE: new Set([...OPENING, ...SOCKETS]),
  ENFILE: new Set([...OPENING, ...SOCKETS]),
  ENOSPC: new Set([...WRITING, 'epoll_ctl']),
  ENOMEM: new Set([...OPENING, ...WRITING, ...SOCKETS, ...IN_MEMORY, 'spawn']),
  EAGAIN: new Set(['spawn']),
};

const file = process.env.SGLAB_TEST_FAULTS;
const real = { ...fs };
/** `code` at the call number `at`, and the next ones: as many as `times`. */
let order = { code: 'ENOMEM', at: -1, times: 0 };
let calls = 0;

function takeOrder() {
  tellPassed();
  order = JSON.parse(real.readFileSync(file, 'utf8'));
  calls = 0;
}

function tellPassed() {
  real.writeFileSync(`${file}.passed`, String(calls));
}

/** Whether this call fails. */
function isHit(name) {
  if (!CALLS[order.code].has(name)) return false;
  const number = calls++;
  return order.at >= 0 && number >= order.at && number < order.at + order.times;
}

if (file !== undefined && process.argv.includes('controller')) {
  takeOrder();
  process.on('SIGUSR2', takeOrder);
  process.on('exit', tellPassed);
  process.on('SIGUSR1', () => {
    throw new Error('a planted defect');
  });
  process.on('SIGPWR', () => void Promise.reject(new Error('a planted rejection')));
  for (const name of new Set([...OPENING, ...WRITING])) {
    fs[name] = (...args) => {
      const { code } = order;
      if (!isHit(name)) return real[name](...args);
      const where = typeof args[0] === 'string' ? { path: args[0] } : {};
      throw Object.assign(new Error(`${code}: injected, ${name}`), { code, syscall: name, ...where });
    };
  }
  const load = koffi.load;
  koffi.load = (...args) => {
    const library = load(...args);
    const func = (definition) => {
      const call = library.func(definition);
      const [, name] = /(\w+)\(/.exec(definition);
      const wrapped = (...given) => {
        if (!isHit(name)) return call(...given);
        koffi.errno(os.constants.errno[order.code]);
        return -1;
      };
      return Object.assign(wrapped, { async: call.async });
    };
    return { func };
  };
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function (options) {
    const { code } = order;
    if (isHit('spawn')) this._handle.spawn = () => -os.constants.errno[code];
    return spawn.call(this, options);
  };
}
