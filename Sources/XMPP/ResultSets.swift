public import XML

/// Which part of a long list is asked for (XEP-0059 §2).
public struct ResultSetRequest: Hashable, Sendable {
    public var max: Int?
    public var after: String?
    /// Empty asks for the last page (§2.5).
    public var before: String?
    public var index: Int?

    public init(max: Int? = nil, after: String? = nil, before: String? = nil, index: Int? = nil) {
        self.max = max
        self.after = after
        self.before = before
        self.index = index
    }

    /// Reads a `<set/>`; a number that is none, or is negative, counts as absent.
    public init(_ element: Element) {
        max = element.child("max").flatMap { UInt32($0.text) }.map(Int.init)
        after = element.child("after")?.text
        before = element.child("before")?.text
        index = element.child("index").flatMap { UInt32($0.text) }.map(Int.init)
    }

    public var element: Element {
        Element("set", in: .resultSets) {
            if let max { Element("max") { String(max) } }
            if let after { Element("after") { after } }
            if let before { Element("before") { before } }
            if let index { Element("index") { String(index) } }
        }
    }
}

/// Which part of a long list was given (XEP-0059 §2.2).
public struct ResultSetPage: Hashable, Sendable {
    /// The ids of the first and last entry; nil for an empty page.
    public var first: String?
    public var last: String?
    /// The place of the first entry in the whole list, from 0.
    public var firstIndex: Int?
    /// The length of the whole list.
    public var count: Int?

    public init(first: String?, last: String?, firstIndex: Int? = nil, count: Int? = nil) {
        self.first = first
        self.last = last
        self.firstIndex = firstIndex
        self.count = count
    }

    public init(_ element: Element) {
        first = element.child("first")?.text
        last = element.child("last")?.text
        firstIndex = element.child("first")?["index"].flatMap { UInt32($0) }.map(Int.init)
        count = element.child("count").flatMap { UInt32($0.text) }.map(Int.init)
    }

    public var element: Element {
        Element("set", in: .resultSets) {
            if let first {
                Element("first", ["index": firstIndex.map { String($0) }]) { first }
            }
            if let last { Element("last") { last } }
            if let count { Element("count") { String(count) } }
        }
    }
}
