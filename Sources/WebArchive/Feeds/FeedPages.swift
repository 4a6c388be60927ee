/// How the entries of a feed are dealt out to documents (RFC 5005 §4).
///
/// Full archive documents never change but for corrections: they are filled from the oldest entry
/// on, and the feed itself holds the newest, at least as many as an archive document.
struct FeedPages<Entry: Sendable>: Sendable {
    /// The feed's own document, newest first.
    let current: [Entry]

    /// Archive documents, the oldest first; in each the newest entry first.
    let archives: [[Entry]]

    /// `entries` newest first, `size` entries in an archive document.
    init(_ entries: [Entry], size: Int) {
        let count = max(0, (entries.count - size) / size)
        let rest = entries.count - count * size
        current = Array(entries[..<rest])
        archives = (0..<count).map { number in
            let end = entries.count - number * size
            return Array(entries[(end - size)..<end])
        }
    }
}
