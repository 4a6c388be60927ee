import XMPP

/// The part of a list that a page asks for (XEP-0059).
///
/// Entries are in the order of the answer; for items that is newest first, as in the examples of
/// XEP-0060 §6.5, so the first page holds what is new.
struct ListSlice: Equatable {
    /// Places in the whole list.
    let range: Range<Int>
    /// Whether the page was asked for from its end: then a page that gets too large loses
    /// entries at its beginning.
    let isBackwards: Bool

    init(of ids: [String], _ request: ResultSetRequest) throws(PubSubError) {
        var lower = 0
        var upper = ids.count
        if let after = request.after {
            lower = try Self.place(of: after, in: ids) + 1
        }
        if let before = request.before, !before.isEmpty {
            upper = try Self.place(of: before, in: ids)
        }
        if let index = request.index {
            guard index < ids.count || index == 0 else { throw .pageNotFound(String(index)) }
            lower = index
        }
        isBackwards = request.before != nil
        lower = min(lower, upper)
        let length = min(request.max ?? .max, upper - lower)
        range = isBackwards ? upper - length..<upper : lower..<lower + length
    }

    private init(range: Range<Int>, isBackwards: Bool) {
        self.range = range
        self.isBackwards = isBackwards
    }

    /// The slice with only so many entries, where those were all that fitted.
    func shortened(to length: Int) -> ListSlice {
        guard length < range.count else { return self }
        let range =
            isBackwards
            ? range.upperBound - length..<range.upperBound
            : range.lowerBound..<range.lowerBound + length
        return ListSlice(range: range, isBackwards: isBackwards)
    }

    /// What to say of the page; an empty one has only the count (§2.6).
    func page(of ids: [String]) -> ResultSetPage {
        guard let first = range.first, let last = range.last else {
            return ResultSetPage(first: nil, last: nil, count: ids.count)
        }
        return ResultSetPage(
            first: ids[first],
            last: ids[last],
            firstIndex: first,
            count: ids.count
        )
    }

    private static func place(of id: String, in ids: [String]) throws(PubSubError) -> Int {
        guard let place = ids.firstIndex(of: id) else { throw .pageNotFound(id) }
        return place
    }
}
