import XMPP

/// The part of a list that a page asks for (XEP-0059).
///
/// Entries are in the order of the answer; for items that is newest first, as in the examples of
/// XEP-0060 §6.5, so the first page holds what is new.
struct ListSlice: Equatable {
    /// Places in the whole list.
    let range: Range<Int>
    /// The length of the whole list.
    let count: Int
    /// Whether the page was asked for from its end: then a page that gets too large loses
    /// entries at its beginning.
    let isBackwards: Bool

    /// Finds the slice of a list of which only the length is known, and where an entry is in it.
    init(
        of count: Int,
        _ request: ResultSetRequest,
        place: (String) throws -> Int?
    ) throws {
        func known(_ id: String) throws -> Int {
            guard let place = try place(id), place < count else {
                throw PubSubError.pageNotFound(id)
            }
            return place
        }
        var lower = 0
        var upper = count
        if let after = request.after {
            lower = try known(after) + 1
        }
        if let before = request.before, !before.isEmpty {
            upper = try known(before)
        }
        if let index = request.index {
            guard index < count || index == 0 else {
                throw PubSubError.pageNotFound(String(index))
            }
            lower = index
        }
        isBackwards = request.before != nil
        self.count = count
        lower = min(lower, upper)
        let length = min(request.max ?? .max, upper - lower)
        range = isBackwards ? upper - length..<upper : lower..<lower + length
    }

    init(of ids: [String], _ request: ResultSetRequest) throws {
        try self.init(of: ids.count, request) { id in ids.firstIndex(of: id) }
    }

    private init(range: Range<Int>, count: Int, isBackwards: Bool) {
        self.range = range
        self.count = count
        self.isBackwards = isBackwards
    }

    /// The slice with only so many entries, where those were all that fitted.
    func shortened(to length: Int) -> ListSlice {
        guard length < range.count else { return self }
        let range =
            isBackwards
            ? range.upperBound - length..<range.upperBound
            : range.lowerBound..<range.lowerBound + length
        return ListSlice(range: range, count: count, isBackwards: isBackwards)
    }

    /// What to say of the page; an empty one has only the count (§2.6).
    func page(first: String?, last: String?) -> ResultSetPage {
        ResultSetPage(
            first: first,
            last: last,
            firstIndex: first == nil ? nil : range.lowerBound,
            count: count
        )
    }

    func page(of ids: [String]) -> ResultSetPage {
        page(first: range.first.map { ids[$0] }, last: range.last.map { ids[$0] })
    }
}
