import { useEffect, useRef, useState } from 'preact/hooks';
import { snapshot } from '../store/pool.ts';

/** Charts are asked for again at most this often, however many requests come in. */
const atMostEveryMs = 3000;

/** The id of the newest request that is over, some seconds late when many come in. */
export function useNewestRequest(): string | undefined {
  const newest = snapshot.value?.requests[0]?.id;
  const [told, setTold] = useState(newest);
  const latest = useRef(newest);
  latest.current = newest;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (newest === told || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      setTold(latest.current);
    }, atMostEveryMs);
  }, [newest, told]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return told;
}
