globalThis.pageGlobal = 'of the page';
