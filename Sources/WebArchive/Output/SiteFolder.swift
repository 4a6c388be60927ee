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
        let planned = Array(plan.files.sorted { $0.key < $1.key })
        let files = try planned.onAllCores { file, content in
            Result { try compare(file, with: content) }
        }.map { try $0.get() }
        for file in files { new.fingerprints[file.path] = file.fingerprint }
        let pending = files.filter { $0.state != .current }
        let foreign = pending.filter {
            $0.state == .different && old.fingerprints[$0.path] == nil
        }
        guard foreign.isEmpty else { throw ArchiveError.foreign(foreign.map(\.path)) }
        changes.unchanged = files.count - pending.count
        let stale = old.fingerprints.keys.filter { new.fingerprints[$0] == nil }.sorted()
        if pending.isEmpty, stale.isEmpty, old == new { return changes }
        // First, so that what is written from now on is known as ours if this run is cut short.
        var both = old
        both.fingerprints.merge(new.fingerprints) { $1 }
        try write(Data(both.text.utf8), to: SiteManifest.name)
        try write(pending)
        changes.written = pending.map(\.path)
        for file in stale where try remove(file, fingerprint: old.fingerprints[file]) {
            changes.removed.append(file)
        }
        try write(Data(new.text.utf8), to: SiteManifest.name)
        return changes
    }

    /// A file as it is to be.
    private struct PlannedFile: Sendable {
        /// What stands in its place.
        enum State {
            case current, different, missing
        }

        let path: String
        let bytes: Data
        let fingerprint: String
        let state: State
    }

    private func compare(_ file: String, with content: SiteContent) throws -> PlannedFile {
        let bytes = try bytes(of: content)
        let present = try? read("\(path)/\(file)")
        return PlannedFile(
            path: file,
            bytes: bytes,
            fingerprint: SiteManifest.fingerprint(bytes),
            state: present.map { $0 == bytes ? .current : .different } ?? .missing
        )
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

    private func write(_ files: [PlannedFile]) throws {
        let folders = Dictionary(grouping: files) { file in
            file.path.lastIndex(of: "/").map { file.path[..<$0] } ?? ""
        }
        let results = Array(folders).onAllCores { folder, files in
            Result {
                try makeFolder("\(path)/\(folder)")
                for file in files { try write(file.bytes, to: file.path) }
            }
        }
        for result in results { try result.get() }
    }

    /// Writes a file into a folder that is there.
    private func write(_ bytes: Data, to file: String) throws {
        let target = "\(path)/\(file)"
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
