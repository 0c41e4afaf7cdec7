// States that are stable for every party of some, in many draws: where a conflict can rest. Each ranking that some party has in
// some draw is kept once. Many rankings put the places of every block in the same order, and replies hang on nothing else: orders that were met
// are kept, with the best moves that follow from them.
#include "../rooms.hpp"
#include "replies.hpp"

namespace {

constexpr size_t most_orders = size_t(1) << 21;  // states of all orders that a thread keeps

// One thread's draws, one after the other.
template <typename T>
class Rests {
    const Movable& field;
    const Grid<uint32_t, 2>& rows;
    const size_t n;
    std::vector<std::vector<T>> rank;  // per mover
    std::vector<int64_t> row;          // per mover, that of `rank`
    std::vector<Mover<T>> movers;
    struct Met {
        Order<T> order;
        BestMoves best;
    };
    std::vector<std::vector<Met>> met;  // per mover, orders that it had in draws before
    size_t n_met = 0;
    Replies<T> replies;

    // Gives mover k the order of its ranks: the one it has, one that was met, or a new one.
    void put_in_order(size_t k) {
        Mover<T>& mover = movers[k];
        const auto fits = [&](const Order<T>& order) { return order.fits(mover.moves, mover.rank); };
        if (row[k] >= 0 && fits(mover.order)) return;
        const auto again = std::find_if(met[k].begin(), met[k].end(), [&](const Met& each) { return fits(each.order); });
        if (again != met[k].end()) {
            std::swap(again->order, mover.order), std::swap(again->best, mover.best);
            return;
        }
        if (row[k] >= 0 && (n_met + 1) * n <= most_orders) met[k].push_back({std::move(mover.order), std::move(mover.best)}), ++n_met;
        mover.order = Order<T>(mover.moves, mover.rank, 1);
        mover.best = BestMoves();
    }

    static std::vector<Mover<T>> without_ranks(const Movable& field) {
        std::vector<Mover<T>> made;
        for (size_t k = 0; k < field.movers.size(); ++k)
            made.push_back({field.parties[field.movers[k]], field.classes[k], nullptr, Order<T>(), field.composes[k]});
        return made;
    }

  public:
    Rests(const Movable& field, const Grid<uint32_t, 2>& rows)
        : field(field), rows(rows), n(rows.shape(1)), rank(field.movers.size()), row(field.movers.size(), -1), movers(without_ranks(field)),
          met(movers.size()), replies(movers, n, 1) {}

    // which: (n_parties,) rows; judged: (n_parties,); out: (n_states,) of 0/1.
    void operator()(const int32_t* which, const bool* judged, Which steps, bool escape, uint8_t* out) {
        for (size_t k = 0; k < movers.size(); ++k) {
            const int64_t wanted = which[field.movers[k]];
            if (wanted == row[k]) continue;
            const uint32_t* from = rows.data() + size_t(wanted) * n;
            rank[k].assign(from, from + n);
            movers[k].rank = rank[k].data();
            put_in_order(k);
            row[k] = wanted;
        }
        std::memset(out, 1, n);  // who cannot move has nothing to gain
        replies.renew();
        std::vector<size_t> asking;
        for (size_t k = 0; k < movers.size(); ++k)
            if (judged[field.movers[k]]) asking.push_back(k);
        const size_t group = steps == Which::none ? std::max<size_t>(1, asking.size()) : Replies<T>::L;
        for (size_t first = 0; first < asking.size(); first += group) {
            const size_t last = std::min(asking.size(), first + group);
            std::vector<typename Replies<T>::Question> questions;
            for (size_t q = first; q < last && steps != Which::none; ++q) questions.push_back({asking[q], escape});
            replies.ask(questions);
            if (!questions.empty()) replies.by_legal_sequences(steps);
            for (size_t q = first; q < last; ++q) replies.judge(asking[q], {questions.empty() ? -1 : int(q - first)}, {out});
            replies.forget();
        }
    }
};

template <typename T>
void each_draw(const Movable& field, const Grid<uint32_t, 2>& rows, const Grid<int32_t, 2>& which, const Array<bool>& judged, Which steps, bool escape,
               int n_threads, uint8_t* out) {
    const size_t n_draws = which.shape(0), n = rows.shape(1);
    std::vector<std::unique_ptr<Rests<T>>> of_thread(size_t(std::max(1, std::min(n_threads, most_threads))));
    in_parallel(n_draws, 4, n_threads, [&](size_t first, size_t last, int thread) {
        if (!of_thread[thread]) of_thread[thread] = std::make_unique<Rests<T>>(field, rows);
        for (size_t d = first; d < last; ++d) (*of_thread[thread])(which.data() + d * which.shape(1), judged.data(), steps, escape, out + d * n);
    }, true);
}

// rows: (n_rows, n_states); which: (n_draws, n_parties), the row of each party; judged: (n_parties,). -> (n_draws, n_states) of 0/1.
Given<uint8_t, 2> resting(nb::handle moves, Grid<uint32_t, 2> rows, Grid<int32_t, 2> which, Array<bool> judged, int replies, bool escape, int n_threads) {
    Movable field(moves_of(moves));
    const size_t n_parties = field.parties.size(), n = field.parties[0].n_states, n_draws = which.shape(0), n_rows = rows.shape(0);
    require(which.shape(1) == n_parties && judged.shape(0) == n_parties && rows.shape(1) == n, "ranks and moves are of different graphs");
    for (size_t d = 0; d < n_draws * n_parties; ++d) require(which.data()[d] >= 0 && size_t(which.data()[d]) < n_rows, "a draw names ranks that are not there");
    Result<uint8_t> out(n_draws * n);
    {
        Unlocked unlocked;
        field.look();
        const uint32_t top = rows.shape(0) > 0 ? *std::max_element(rows.data(), rows.data() + n_rows * n) : 0;
        require(top < 0xFFFFFFFFu, "ranks must be below 2^32 - 1");
        const Which steps = which_of(replies);
        if (top < 0xFFFFu) each_draw<uint16_t>(field, rows, which, judged, steps, escape, n_threads, out.data());
        else each_draw<uint32_t>(field, rows, which, judged, steps, escape, n_threads, out.data());
    }
    return out.give<2>({n_draws, n});
}

}  // namespace

void open_resting(nb::module_& m) {
    m.def("resting", &resting, nb::arg("moves"), nb::arg("rows"), nb::arg("which"), nb::arg("judged"), nb::arg("replies"), nb::arg("escape"), nb::arg("n_threads"));
}
