const { contextBridge, ipcRenderer } = require('electron');

/** The text of what a call threw, or undefined. */
function thrown(call) {
  try {
    call();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

class Point {
  constructor(x) {
    this.x = x;
  }
  get double() {
    return this.x * 2;
  }
}

contextBridge.exposeInMainWorld('fixture', {
  invoke: (channel, ...values) => ipcRenderer.invoke(channel, ...values),
  send: (channel, ...values) => ipcRenderer.send(channel, ...values),
  on: (channel, listener) => {
    const onMessage = (_event, ...values) => listener(...values);
    ipcRenderer.on(channel, onMessage);
    return () => ipcRenderer.off(channel, onMessage);
  },
  sendsFunction: () => thrown(() => ipcRenderer.send('note', () => 1)),
  sendsSymbol: () => thrown(() => ipcRenderer.send('note', Symbol('a'))),
  requires: (name) => thrown(() => require(name)),
  exposesAgain: () => thrown(() => contextBridge.exposeInMainWorld('fixture', {})),
  throws: () => {
    throw new Error('from the preload');
  },
  rejects: () => Promise.reject(new TypeError('later')),
  nested: { list: [1, 2], when: new Date(0), point: new Point(3) },
  callBack: (callback) => callback({ answer: 42 }),
  same: (callback) => callback,
  world: { hasRequire: typeof require, hasProcess: typeof process, sandboxed: process.sandboxed, type: process.type },
  seesPageGlobal: () => typeof globalThis.pageGlobal,
});
