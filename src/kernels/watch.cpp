// Work spread over threads.
#include "watch.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace {

// The threads of one call of `spread`: takes what the first of them threw, and tells the others to stop.
class Crew {
    std::mutex guard;
    std::condition_variable idle;
    std::exception_ptr failure;
    std::vector<std::thread> threads;
    int running = 0;
    const Here from = here;

  public:
    std::atomic<bool> over{false};

    template <typename Run>
    void attempt(Run run) {
        try {
            run();
        } catch (const Stopped&) {
        } catch (...) {
            const std::lock_guard<std::mutex> mine(guard);
            if (!failure) failure = std::current_exception();
            over = true;
            if (from.watch) from.watch->stop = true;
        }
    }

    template <typename Run>
    bool hire(Run run) {
        {
            const std::lock_guard<std::mutex> mine(guard);
            ++running;
        }
        try {
            threads.emplace_back([this, run] {
                here = {from.watch, false};
                attempt(run);
                const std::lock_guard<std::mutex> mine(guard);
                --running;
                idle.notify_one();
            });
        } catch (const std::system_error&) {  // no more threads to be had: the others do the work
            const std::lock_guard<std::mutex> mine(guard);
            --running;
            return false;
        }
        return true;
    }

    void finish() {
        for (std::unique_lock<std::mutex> mine(guard); !idle.wait_for(mine, Watch::interval, [&] { return running == 0; });) {
            mine.unlock();
            attempt([&] {
                if (from.watch && from.calling && !over) from.watch->look();
            });
            mine.lock();
        }
        for (auto& thread : threads) thread.join();
        if (failure) std::rethrow_exception(failure);
        if (from.watch && from.watch->stop) throw Stopped();
    }
};

}  // namespace

void spread(size_t n, size_t grain, int n_threads, bool whole, void* work, void (*call)(void* work, size_t first, size_t last, int thread)) {
    n_threads = int(std::min<size_t>(size_t(std::max(1, std::min(n_threads, most_threads))), (n + grain - 1) / grain));
    const auto one_run = [&](size_t first, int thread) {
        if (whole) progress(double(first), double(n));
        checkpoint();
        call(work, first, std::min(first + grain, n), thread);
    };
    if (n_threads <= 1) {
        for (size_t first = 0; first < n; first += grain) one_run(first, 0);
        return;
    }
    std::atomic<size_t> next{0};
    Crew crew;
    const auto runs = [&](int thread) {
        for (size_t first; !crew.over && (first = next.fetch_add(grain)) < n;) one_run(first, thread);
    };
    for (int t = 1; t < n_threads; ++t)
        if (!crew.hire([&runs, t] { runs(t); })) break;
    crew.attempt([&] { runs(0); });
    crew.finish();
}
