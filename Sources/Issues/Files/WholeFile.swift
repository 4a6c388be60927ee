import Glibc

/// Reads a file so that what is read was its content at one moment.
///
/// Size and time of the last change are compared before and after; if they differ, somebody was
/// writing, and the file is read again.
struct WholeFile {
    /// The directory that is not left, free of links.
    let directory: String

    /// The file's path from there, free of links.
    let path: String

    /// The name people know the file by.
    let shownAs: String
    let limit: Int

    private static let attempts = 5
    private static let pause: UInt32 = 20_000

    /// What changes when a file is written to.
    struct Version: Equatable {
        var size: Int
        var seconds: Int
        var nanoseconds: Int
    }

    func read() throws(IssueFileError) -> [UInt8] {
        let descriptor = try opened()
        defer { close(descriptor) }
        guard try isRegular(descriptor) else { throw .notRegular(shownAs) }
        return try settled(
            version: { () throws(IssueFileError) in try version(of: descriptor) },
            content: { () throws(IssueFileError) in try content(of: descriptor) },
            wait: { usleep(Self.pause) }
        )
    }

    /// Opens the file, step by step: whatever has become a link since the path was made is not followed.
    private func opened() throws(IssueFileError) -> Int32 {
        var descriptor = open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { throw failure() }
        let names = path.split(separator: "/")
        for (index, name) in names.enumerated() {
            let kind = index + 1 < names.count ? O_DIRECTORY : O_NONBLOCK
            let next = openat(descriptor, String(name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | kind)
            let reason = errno
            close(descriptor)
            guard next >= 0 else { throw failure(reason) }
            descriptor = next
        }
        return descriptor
    }

    /// The content between two looks at the version that saw the same.
    func settled(
        version: () throws(IssueFileError) -> Version,
        content: () throws(IssueFileError) -> [UInt8],
        wait: () -> Void
    ) throws(IssueFileError) -> [UInt8] {
        var before = try version()
        for attempt in 1...Self.attempts {
            if attempt > 1 { wait() }
            guard before.size <= limit else { throw .tooLarge(shownAs, limit: limit) }
            let bytes = try content()
            let after = try version()
            if before == after, bytes.count == after.size { return bytes }
            before = after
        }
        throw .changing(shownAs)
    }

    private func isRegular(_ descriptor: Int32) throws(IssueFileError) -> Bool {
        try status(of: descriptor).st_mode & S_IFMT == S_IFREG
    }

    private func status(of descriptor: Int32) throws(IssueFileError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        return status
    }

    private func version(of descriptor: Int32) throws(IssueFileError) -> Version {
        let status = try status(of: descriptor)
        return Version(
            size: Int(status.st_size),
            seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec
        )
    }

    private func content(of descriptor: Int32) throws(IssueFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= limit {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            guard count >= 0 else { throw failure() }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private func failure(_ reason: Int32 = errno) -> IssueFileError {
        .file(shownAs, reason: String(cString: strerror(reason)))
    }
}
