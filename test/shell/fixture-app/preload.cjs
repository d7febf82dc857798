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
  get twice() {
    return this.x * 2;
  }
}

globalThis.preloadGlobal = 'of the preload';

contextBridge.exposeInMainWorld('fixture', {
  invoke: (channel, ...values) => ipcRenderer.invoke(channel, ...values),
  send: (channel, ...values) => ipcRenderer.send(channel, ...values),
  on: (channel, listener) => {
    const onMessage = (_event, ...values) => listener(...values);
    ipcRenderer.on(channel, onMessage);
    return () => ipcRenderer.off(channel, onMessage);
  },
  invokePoint: () => ipcRenderer.invoke('describe', new Point(3)),
  sendFunction: () => thrown(() => ipcRenderer.send('note', () => 1)),
  sendSymbol: () => thrown(() => ipcRenderer.send('note', Symbol('a'))),
  invokeFunction: () => ipcRenderer.invoke('echo', () => 1).catch((error) => error.message),
  require: (name) => thrown(() => require(name)),
  exposeAgain: () => thrown(() => contextBridge.exposeInMainWorld('fixture', {})),
  throwError: () => {
    throw new TypeError('from the preload');
  },
  throwText: () => {
    throw 'a text';
  },
  reject: () => Promise.reject(new TypeError('later')),
  nested: { list: [1, 2], when: new Date(0), point: new Point(3), deep: { call: () => 'called' } },
  callBack: (callback) => callback({ answer: 42 }),
  same: (callback) => callback,
  typeOfPageGlobal: () => typeof globalThis.pageGlobal,
  titleOfPage: () => document.title,
  process: { sandboxed: process.sandboxed, type: process.type, contextIsolated: process.contextIsolated },
});
