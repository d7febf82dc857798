/**
 * The bridge of a screen: `window.kiroPool`. It passes on names and values and knows nothing else; the shell checks all of it
 * against the contract.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../app/contract.ts';
import { channels } from './ipc-channels.ts';

const bridge: Bridge = {
  ask: (question, input) => ipcRenderer.invoke(channels.ask, question, input),
  on: (event, listener) => {
    const onEvent = (_event: unknown, name: unknown, value: Parameters<typeof listener>[0]): void => {
      if (name === event) listener(value);
    };
    ipcRenderer.on(channels.event, onEvent);
    ipcRenderer.send(channels.listen, event);
    return () => ipcRenderer.off(channels.event, onEvent);
  },
};

contextBridge.exposeInMainWorld('kiroPool', bridge);
