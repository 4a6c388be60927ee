/// What is to stand in a file of the archive.
enum SiteContent: Sendable {
    case text(String)

    /// A copy of the file at this path.
    case copy(of: String)
}

/// All files of the archive, each with what it was made for.
struct SitePlan: Sendable {
    private(set) var files: [String: SiteContent] = [:]
    private var purposes: [String: String] = [:]

    /// Adds a file; two for one path are a mistake that the editors have to know of.
    mutating func add(
        _ path: SitePath,
        _ content: SiteContent,
        for purpose: String
    ) throws(ArchiveError) {
        let file = path.file
        if let other = purposes[file] { throw .collision(path.address, other, purpose) }
        purposes[file] = purpose
        files[file] = content
    }

    func contains(_ path: SitePath) -> Bool { purposes[path.file] != nil }
}
