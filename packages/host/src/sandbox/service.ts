import type { Executor, Run, RunEnd, Service, ServiceSpec, ServiceState } from "@mh/core/ports/executor.ts";
import type { Timers } from "@mh/core/ports/timers.ts";

interface ServiceDeps {
  run: Executor["run"];
  timers: Timers;
  /** STOP stands: what would start by itself waits until it is lifted. */
  isStopped(): boolean;
}

const lookForReleaseMs = 500;

/** What runs now, or is being started. */
interface Life<T> {
  up: Promise<T>;
  /** Undefined until its process is asked for. */
  run?: Run;
  isUp: boolean;
  /** It was told to end, so that its end is no crash. */
  isOver: boolean;
  health?: Disposable;
}

/** One service: a job that is started, looked after, and started again by its policy. */
export class LastingService<T> implements Service<T> {
  readonly #spec: ServiceSpec<T>;
  readonly #deps: ServiceDeps;
  /** When it crashed, within the span that counts. */
  #crashes: number[] = [];
  #life: Life<T> | undefined;
  #final: { state: "failed" | "stopped"; message: string } | undefined;
  /** Wakes whoever waits for the next start. */
  #woken: (() => void) | undefined;

  constructor(spec: ServiceSpec<T>, deps: ServiceDeps) {
    this.#spec = spec;
    this.#deps = deps;
  }

  get state(): ServiceState {
    if (this.#final) return this.#final.state;
    if (!this.#life) return "idle";
    if (this.#life.isUp) return "up";
    return this.#woken ? "waiting" : "starting";
  }

  use(): Promise<T> {
    if (this.#final) return Promise.reject(new Error(this.#final.message));
    return (this.#life ?? this.#begin("asked")).up;
  }

  renew(message: string): void {
    const life = this.#life;
    if (life) this.#over(life)?.kill(message);
  }

  async stop(message: string): Promise<void> {
    this.#final ??= { state: "stopped", message };
    const life = this.#life;
    if (life) await this.#over(life)?.stop(message, this.#spec.stopWithinMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("It was stopped.");
  }

  /** `itself`: nobody asked for it, so that nobody but its state would tell that it failed. */
  #begin(by: "asked" | "itself"): Life<T> {
    const started = Promise.withResolvers<T>();
    const life: Life<T> = { up: started.promise, isUp: false, isOver: false };
    // Where nobody waits for it, its end is dealt with all the same.
    life.up.catch(() => undefined);
    this.#life = life;
    this.#live(life, by).then(started.resolve, started.reject);
    return life;
  }

  async #live(life: Life<T>, by: "asked" | "itself"): Promise<T> {
    await this.#backOff();
    while (by === "itself" && this.#deps.isStopped() && !life.isOver) await this.#wait(lookForReleaseMs);
    this.#refuseOver(life);
    const job = await Promise.resolve()
      .then(() => this.#spec.job())
      .catch((error: unknown) => {
        if (this.#life === life) this.#life = undefined;
        if (by === "itself" && !life.isOver) this.#crashed((error as Error).message);
        throw error;
      });
    this.#refuseOver(life);
    const run = this.#deps.run(job);
    life.run = run;
    let hasEnded = false;
    const ended = run.end.then((end) => {
      hasEnded = true;
      return this.#ended(life, end);
    });
    try {
      const value = await Promise.race([this.#spec.ready(run), ended]);
      life.isUp = true;
      this.#watch(life, value);
      return value;
    } catch (error) {
      // What does not come up is ended; of what ended by itself, its end says why.
      if (hasEnded) return await ended;
      run.kill((error as Error).message);
      await run.end;
      throw error;
    }
  }

  #refuseOver(life: Life<T>): void {
    if (life.isOver || this.#final) throw new Error(this.#final?.message ?? "It was started anew.");
  }

  /** Waits as long as the crashes so far ask for. */
  async #backOff(): Promise<void> {
    const { firstMs, maxMs } = this.#spec.backOff;
    const crashes = this.#recent().length;
    if (crashes < 2) return;
    await this.#wait(Math.min(maxMs, firstMs * 2 ** (crashes - 2)));
  }

  async #wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#woken = resolve;
    using _waiting = this.#deps.timers.after(ms, resolve);
    await promise;
    if (this.#woken === resolve) this.#woken = undefined;
  }

  #recent(): number[] {
    const since = this.#deps.timers.now() - this.#spec.crashLoop.withinMs;
    this.#crashes = this.#crashes.filter((at) => at >= since);
    return this.#crashes;
  }

  /** Takes a life out of use, and gives its run. */
  #over(life: Life<T>): Run | undefined {
    life.isOver = true;
    life.health?.[Symbol.dispose]();
    if (this.#life === life) this.#life = undefined;
    this.#woken?.();
    return life.run;
  }

  /** Always throws: whoever waits for it to come up waits in vain. */
  #ended(life: Life<T>, end: RunEnd): never {
    const wasOver = life.isOver;
    this.#over(life);
    const message = end.status === "exited" ? (this.#spec.explain?.(end) ?? end.message) : end.message;
    // A refusal is the answer of that start, and no crash: the next use asks anew.
    if (!wasOver && end.status !== "refused") this.#count({ ...end, message }, life.isUp);
    throw new Error(this.#final?.message ?? message);
  }

  #count(end: RunEnd, wasUp: boolean): void {
    const { restart } = this.#spec;
    const isClean = wasUp && end.status === "exited" && end.exitCode === 0;
    if (isClean && restart !== "always") return;
    // Ended by STOP, it did not crash, and goes on once STOP is lifted.
    if (end.reason === "stopped" && this.#deps.isStopped()) {
      if (restart !== "on-demand") this.#begin("itself");
    } else this.#crashed(end.message);
  }

  #crashed(message: string): void {
    const { restart, crashLoop } = this.#spec;
    this.#crashes.push(this.#deps.timers.now());
    const crashes = this.#recent().length;
    if (crashes >= crashLoop.crashes) {
      const often = `It ended ${crashes} times within ${crashLoop.withinMs / 1000} s, and is not started again`;
      this.#final ??= { state: "failed", message: `${often}: ${message}` };
    } else if (restart !== "on-demand") this.#begin("itself");
  }

  #watch(life: Life<T>, value: T): void {
    const { health } = this.#spec;
    if (!health) return;
    let failures = 0;
    const look = async () => {
      const answered = await this.#answers(health.check(value), health.timeoutMs);
      failures = answered ? 0 : failures + 1;
      if (life.isOver) return;
      if (failures >= health.failuresMax) return life.run?.kill(`It did not answer ${failures} times.`);
      next();
    };
    const next = () => {
      life.health = this.#deps.timers.after(health.everyMs, look);
    };
    if (!life.isOver) next();
  }

  async #answers(check: Promise<void>, timeoutMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    using _late = this.#deps.timers.after(timeoutMs, () => resolve(false));
    return await Promise.race([check.then(() => true).catch(() => false), promise]);
  }
}
