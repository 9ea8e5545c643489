// A binary heap of events by time.
export class EventQueue {
  #times = [];
  #events = [];

  get size() {
    return this.#times.length;
  }

  add(time, event) {
    const [times, events] = [this.#times, this.#events];
    let at = times.length;
    times.push(time);
    events.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent] <= time) break;
      times[at] = times[parent];
      events[at] = events[parent];
      at = parent;
    }
    times[at] = time;
    events[at] = event;
  }

  /** Removes the earliest event and returns it with its time. */
  next() {
    const [times, events] = [this.#times, this.#events];
    const first = { time: times[0], event: events[0] };
    const time = times.pop();
    const event = events.pop();
    if (times.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= times.length) break;
      if (child + 1 < times.length && times[child + 1] < times[child]) child++;
      if (times[child] >= time) break;
      times[at] = times[child];
      events[at] = events[child];
      at = child;
    }
    times[at] = time;
    events[at] = event;
    return first;
  }
}
