// Long work without Python's lock. Ctrl-C ends it, it tells how far it is, and what goes wrong in a thread reaches the caller.
#pragma once
#include <nanobind/nanobind.h>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace nb = nanobind;

struct Stopped {};  // thrown where work goes on that nobody waits for any more

// Called with the share of a long call that is done; none where it is null. Only with Python's lock.
inline PyObject* listener = nullptr;

// One call from Python: whether it is to stop, how far it is, and when its own thread last asked for signals.
class Watch {
    using Clock = std::chrono::steady_clock;
    Clock::time_point next = Clock::now() + interval;
    double told = 0;

  public:
    static constexpr std::chrono::milliseconds interval{50};
    std::atomic<bool> stop{false};
    double share = 0;  // of the work that is done; written by the thread that Python called on

    void look() {
        const auto now = Clock::now();
        if (now < next) return;
        next = now + interval;
        nb::gil_scoped_acquire locked;
        if (PyErr_CheckSignals() == 0 && tell()) return;
        stop = true;
        throw nb::python_error();
    }

  private:
    bool tell() {
        if (!listener || share <= told) return true;
        told = share;
        const nb::object mine = nb::borrow(listener);  // which may be another one's by the time that it has answered
        PyObject* answer = PyObject_CallFunction(mine.ptr(), "d", share);
        Py_XDECREF(answer);
        return answer != nullptr;
    }
};

struct Here {
    Watch* watch = nullptr;
    bool calling = false;  // the thread that Python called on, which alone may ask for signals
};
inline thread_local Here here;

// Where work may be broken off; cheap enough for every thousandth of a second or so.
inline void checkpoint() {
    if (!here.watch) return;
    if (here.watch->stop.load(std::memory_order_relaxed)) throw Stopped();
    if (here.calling) here.watch->look();
}

// How far the whole call is; what other threads say of it is not heard.
inline void progress(double done, double all) {
    if (here.watch && here.calling && all > 0) here.watch->share = done / all;
}

// Whether whoever waits has waited long enough: `asked` is a function without arguments, or None, and is called now and then
// with Python's lock. Only in the thread that Python called on.
class Patience {
    const nb::handle asked;
    std::chrono::steady_clock::time_point next = std::chrono::steady_clock::now();
    unsigned rounds = 0;

  public:
    explicit Patience(nb::handle asked) : asked(asked) {}
    bool over(unsigned each = 256) {
        if (asked.is_none() || ++rounds % each != 0) return false;
        const auto now = std::chrono::steady_clock::now();
        if (now < next) return false;
        next = now + Watch::interval;
        nb::gil_scoped_acquire locked;
        return nb::cast<bool>(asked());
    }
};

// As checkpoint(), for loops with short rounds.
class Pace {
    unsigned rounds = 0;

  public:
    void step(unsigned each = 1024) {
        if (++rounds % each == 0) checkpoint();
    }
};

// Python's lock is given up for as long as this lives.
class Unlocked {
    nb::gil_scoped_release released;
    Watch watch;
    Here before = here;

  public:
    Unlocked() { here = {&watch, true}; }
    ~Unlocked() { here = before; }
    Unlocked(const Unlocked&) = delete;
};

// Does work(first, last, thread) as in_parallel says. Work is known by its address and by how it is called, so that threads are compiled once.
void spread(size_t n, size_t grain, int n_threads, bool whole, void* work, void (*call)(void* work, size_t first, size_t last, int thread));

constexpr int most_threads = 256;

// Calls work(first, last, thread) on `n_threads` threads over [0, n) in equal runs of `grain`, taken in turn. whole: whether this
// is all of the call from Python, so that it shows how far that is.
template <typename Work>
void in_parallel(size_t n, size_t grain, int n_threads, Work work, bool whole = false) {
    spread(n, grain, n_threads, whole, &work, [](void* given, size_t first, size_t last, int thread) {
        (*static_cast<Work*>(given))(first, last, thread);
    });
}
