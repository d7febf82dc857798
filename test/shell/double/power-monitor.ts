import { DoubledEmitter } from './strict.ts';

/** `powerMonitor`: its events come from the test. */
class PowerMonitor extends DoubledEmitter {
  isOnBatteryPower(): boolean {
    return false;
  }

  getSystemIdleTime(): number {
    return 0;
  }

  getSystemIdleState(): 'active' {
    return 'active';
  }

  protected override get doubledEvents(): readonly string[] {
    return ['suspend', 'resume', 'on-ac', 'on-battery', 'shutdown', 'lock-screen', 'unlock-screen'];
  }
}

export const powerMonitor = new PowerMonitor();
