// Arrays from Python and back, and memory for large ones.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>
#ifdef __linux__
#include <sys/mman.h>
#elif defined(_WIN32)
#include <malloc.h>
#endif

namespace nb = nanobind;

template <typename T, int N>
using Grid = nb::ndarray<const T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Array = Grid<T, 1>;
template <int N>
using Matrix = Grid<double, N>;
template <typename T, int N>
using Writable = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
template <typename T, int N>
using Given = nb::ndarray<nb::numpy, T, nb::ndim<N>>;

// Counts are checked again here, whatever the door before this one has checked.
inline void require(bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(what);
}

template <typename T>
Given<T, 1> hand_over(std::vector<T>&& v) {
    auto kept = std::make_unique<std::vector<T>>(std::move(v));
    nb::capsule owner(kept.get(), [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    auto* at = kept.release();
    return Given<T, 1>(at->data(), {at->size()}, owner);
}

// An array for Python that is filled in place. `size` is the product of the shape that it is given back in.
template <typename T>
struct Result {
    std::unique_ptr<T[]> kept;
    explicit Result(size_t size) : kept(new T[std::max<size_t>(1, size)]) {}
    T* data() { return kept.get(); }

    template <int N>
    Given<T, N> give(std::initializer_list<size_t> shape) {
        nb::capsule owner(kept.get(), [](void* p) noexcept { delete[] static_cast<T*>(p); });
        return Given<T, N>(kept.release(), shape, owner);
    }
};

struct Unset {};  // memory that is filled by whoever asked for it

// Memory that begins at a multiple of `page`, and its end: Windows has functions of its own for both.
#ifdef _WIN32
inline void* aligned(size_t page, size_t bytes) { return _aligned_malloc(bytes, page); }
inline void give_back(void* at) { _aligned_free(at); }
#else
inline void* aligned(size_t page, size_t bytes) { return std::aligned_alloc(page, bytes); }
inline void give_back(void* at) { std::free(at); }
#endif

// Memory on whole cache lines; large arrays on large pages, because a party's blocks jump far.
template <typename T>
struct Lines {
    std::unique_ptr<T, void (*)(void*)> kept{nullptr, give_back};
    size_t size = 0;

    Lines() = default;
    explicit Lines(size_t size, T value = T(0)) : Lines(size, Unset()) { std::fill(kept.get(), kept.get() + size, value); }
    Lines(size_t size, Unset) : size(size) {
        const size_t page = size * sizeof(T) > (size_t(1) << 22) ? size_t(1) << 21 : 64;
        if (size > SIZE_MAX / sizeof(T) - page) throw std::bad_alloc();
        const size_t bytes = (size * sizeof(T) + page) / page * page;
        kept.reset(static_cast<T*>(aligned(page, bytes)));
        if (!kept) throw std::bad_alloc();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
        if (page > 64) madvise(kept.get(), bytes, MADV_HUGEPAGE);
#endif
    }
    T* data() { return kept.get(); }
    const T* data() const { return kept.get(); }
};
