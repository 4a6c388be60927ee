import Foundation

/// What a run has changed in the output folder, by paths in order.
public struct SiteChanges: Hashable, Sendable {
    public var written: [String] = []
    public var removed: [String] = []
    public var unchanged = 0
}

/// The folder in which the archive stands, brought up to date file by file.
///
/// Each file is written beside its place and moved there, so that a web server never gives half a
/// page; a file that is right already is not touched.
struct SiteFolder {
    let path: String

    private static let newEnding = ".broadsheet-new"

    /// Makes the folder hold what is planned; nothing is written when all is there.
    func update(to plan: SitePlan) throws -> SiteChanges {
        try makeFolder(path)
        let lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw failure(path) }
        defer { close(lock) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw ArchiveError.busy(path) }
        return try updateLocked(to: plan)
    }

    private func updateLocked(to plan: SitePlan) throws -> SiteChanges {
        let manifestPath = "\(path)/\(SiteManifest.name)"
        let old = SiteManifest(
            text: (try? read(manifestPath)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        )
        var new = SiteManifest(text: "")
        var changes = SiteChanges()
        var pending: [(path: String, bytes: Data)] = []
        var foreign: [String] = []
        for (file, content) in plan.files.sorted(by: { $0.key < $1.key }) {
            let bytes = try bytes(of: content)
            new.fingerprints[file] = SiteManifest.fingerprint(bytes)
            let present = try? read("\(path)/\(file)")
            if present == bytes {
                changes.unchanged += 1
            } else {
                if present != nil, old.fingerprints[file] == nil { foreign.append(file) }
                pending.append((file, bytes))
            }
        }
        guard foreign.isEmpty else { throw ArchiveError.foreign(foreign) }
        let stale = old.fingerprints.keys.filter { new.fingerprints[$0] == nil }.sorted()
        if pending.isEmpty, stale.isEmpty, old == new { return changes }
        // First, so that what is written from now on is known as ours if this run is cut short.
        var both = old
        both.fingerprints.merge(new.fingerprints) { $1 }
        try write(Data(both.text.utf8), to: SiteManifest.name)
        for (file, bytes) in pending {
            try write(bytes, to: file)
            changes.written.append(file)
        }
        for file in stale where try remove(file, fingerprint: old.fingerprints[file]) {
            changes.removed.append(file)
        }
        try write(Data(new.text.utf8), to: SiteManifest.name)
        return changes
    }

    private func bytes(of content: SiteContent) throws -> Data {
        switch content {
        case .text(let text): Data(text.utf8)
        case .copy(let source): try read(source)
        }
    }

    private func read(_ file: String) throws -> Data {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw ArchiveError.output(file, reason: "it can't be read")
        }
        return bytes
    }

    // MARK: - Changing

    private func write(_ bytes: Data, to file: String) throws {
        let target = "\(path)/\(file)"
        if let slash = target.lastIndex(of: "/") { try makeFolder(String(target[..<slash])) }
        let new = target + Self.newEnding
        let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw failure(target) }
        let isWritten = bytes.withUnsafeBytes { Self.writeAll($0, to: descriptor) }
        let isClosed = close(descriptor) == 0
        guard isWritten, isClosed, rename(new, target) == 0 else {
            let error = failure(target)
            unlink(new)
            throw error
        }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(
                descriptor,
                UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                rest.count
            )
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Removes what we wrote, and the folders that are empty then; tells whether it did.
    private func remove(_ file: String, fingerprint: String?) throws -> Bool {
        let target = "\(path)/\(file)"
        guard let bytes = try? read(target), SiteManifest.fingerprint(bytes) == fingerprint else {
            return false
        }
        guard unlink(target) == 0 else { throw failure(target) }
        var folder = file[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            // Not for a folder that still holds something.
            guard rmdir("\(path)/\(folder)") == 0 else { break }
        }
        return true
    }

    private func makeFolder(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw ArchiveError.output(folder, reason: error.localizedDescription)
        }
    }

    private func failure(_ path: String) -> ArchiveError {
        .output(path, reason: String(cString: strerror(errno)))
    }
}
