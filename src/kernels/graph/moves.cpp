// Views on one party's moves, checked; and the check of everything in them that is made once.
#include "../moves.hpp"

#include "../rooms.hpp"

Moves::Moves(nb::handle m)
    : kept{nb::cast<Array<uint32_t>>(m.attr("members")), nb::cast<Array<int64_t>>(m.attr("block")), nb::cast<Array<int32_t>>(m.attr("kind")),
           nb::cast<Array<int64_t>>(m.attr("first_row")), nb::cast<Array<int64_t>>(m.attr("row")), nb::cast<Array<uint32_t>>(m.attr("target")),
           nb::cast<Array<bool>>(m.attr("complete")), nb::cast<Array<uint32_t>>(m.attr("block_of")), nb::cast<Array<uint64_t>>(m.attr("own"))},
      fields(nb::cast<Array<uint64_t>>(m.attr("fields"))), n_states(kept.members.shape(0)), n_blocks(kept.kind.shape(0)),
      n_kinds(kept.first_row.shape(0)), n_rows(kept.row.shape(0) - 1), n_listed(kept.target.shape(0)), members(kept.members.data()),
      block(kept.block.data()), first_row(kept.first_row.data()), row(kept.row.data()), kind(kept.kind.data()), target(kept.target.data()),
      block_of(kept.block_of.data()), complete(kept.complete.data()), own(kept.own.shape(0) ? kept.own.data() : nullptr) {
    require(n_states > 0 && n_states < 0x7FFFFFFF, "moves must have from 1 to 2^31 - 2 states");
    require(kept.row.shape(0) > 0, "`row` of moves is empty");
    require(kept.block.shape(0) == n_blocks + 1, "`block` of moves must have one more entry than `kind`");
    require(kept.complete.shape(0) == n_kinds, "`complete` of moves must have one entry per kind");
    require(kept.block_of.shape(0) == n_states, "`block_of` of moves must have one entry per state");
    require(!own || kept.own.shape(0) == n_rows, "`own` of moves must have one entry per row, or none");
    require(block[0] == 0 && block[n_blocks] == int64_t(n_states), "blocks of moves must hold every state once");
    require(row[0] == 0 && row[n_rows] == int64_t(n_listed), "rows of moves must hold every listed move once");
}

bool Moves::any() const {
    for (size_t b = 0; !n_listed && b < n_blocks; ++b)
        if (size(b) > 1 && complete[kind[b]]) return true;
    return n_listed > 0;
}

void Moves::require_listed() const {
    for (size_t b = 0; b < n_blocks; ++b)
        require(is_listed(kind[b], size(b)), "a party has more moves than are listed; vary fewer of its levers");
}

std::vector<Moves> moves_of(nb::handle parties) {
    std::vector<Moves> out;
    for (nb::handle m : parties) out.emplace_back(m);
    require(!out.empty(), "moves of no party at all");
    for (const Moves& m : out) require(m.n_states == out[0].n_states, "moves of graphs of different sizes");
    return out;
}

Which which_of(int number) {
    require(number >= 0 && number <= int(Which::best), "no such kind of moves");
    return Which(number);
}

// Everything that the other rooms rely on; throws where it does not hold.
static void check_moves(nb::handle moves) {
    const Moves m(moves);
    Unlocked unlocked;
    for (size_t r = 0; r < m.n_rows; ++r) require(m.row[r] <= m.row[r + 1], "rows of moves must ascend");
    std::vector<int64_t> size(m.n_kinds, -1);
    for (size_t b = 0; b < m.n_blocks; ++b) {
        require(m.block[b] <= m.block[b + 1], "blocks of moves must ascend");
        require(m.kind[b] >= 0 && size_t(m.kind[b]) < m.n_kinds, "a block of moves is of no kind");
        int64_t& known = size[m.kind[b]];
        require(known < 0 || known == int64_t(m.size(b)), "blocks of moves of one kind must have one size");
        known = int64_t(m.size(b));
        for (int64_t p = m.block[b]; p < m.block[b + 1]; ++p) {
            require(m.members[p] < m.n_states && m.block_of[m.members[p]] == b, "a state is not in its block of moves");
            require(p == m.block[b] || m.members[p - 1] < m.members[p], "states of a block of moves must ascend");
        }
    }
    for (size_t k = 0; k < m.n_kinds; ++k) {
        if (size[k] < 0) continue;
        require(m.first_row[k] >= 0 && m.first_row[k] <= int64_t(m.n_rows) - size[k], "a kind of moves has no rows");
        const bool listed = m.is_listed(int32_t(k), size_t(size[k]));
        for (int64_t p = 0; p < size[k]; ++p) {
            const int64_t first = m.row[m.first_row[k] + p], last = m.row[m.first_row[k] + p + 1];
            require(!m.complete[k] || last - first == (listed ? size[k] - 1 : 0), "a complete kind of moves must list all or none");
            for (int64_t e = first; e < last; ++e) {
                require(m.target[e] < size[k] && m.target[e] != p, "a move leads out of its block, or nowhere");
                require(e == first || m.target[e - 1] < m.target[e], "moves of a row must ascend");
            }
        }
    }
}

void open_moves(nb::module_& m) { m.def("check_moves", &check_moves, nb::arg("moves")); }
