import Foundation
import Issues
import Storage

/// What can be seen on this machine alone: files, folders, disk, clock.
struct LocalExamination {
    /// Below these the disk is nearly full, in bytes.
    private static let littleSpace = 200_000_000
    private static let noSpace = 10_000_000

    let configuration: Configuration
    let file: URL
    /// The folders of programs, with colons between them.
    var programs = ProcessInfo.processInfo.environment["PATH"] ?? ""

    func diagnoses() -> [Diagnosis] {
        [settings(), rights()] + [database(), disk()] + configuration.newsletters.map(issues)
            + links() + [socket(), clock(), .libraries(LibraryVersion.all)]
    }

    private func settings() -> Diagnosis {
        let path = file.path(percentEncoded: false)
        guard configuration.warnings.isEmpty else {
            let warnings = configuration.warnings.map(\.description).joined(separator: "\n")
            return Diagnosis("configuration", .warning, warnings)
        }
        return Diagnosis("configuration", .fine, "\(path) is fine.")
    }

    /// Passwords of rooms stand in the configuration.
    private func rights() -> Diagnosis {
        let hasPassword = configuration.rooms.contains { $0.password != nil }
        let path = file.path(percentEncoded: false)
        guard hasPassword, permissions(path) & 0o004 != 0,
            permissions(file.deletingLastPathComponent().path(percentEncoded: false)) & 0o001 != 0
        else { return Diagnosis("file permissions", .fine, "Secrets are read by nobody else.") }
        return Diagnosis(
            "file permissions",
            .warning,
            "\(path) has the password of a room, and everybody on this machine can read it. "
                + "Run: chmod o-r \(path)"
        )
    }

    private func database() -> Diagnosis {
        let path = configuration.database.path(percentEncoded: false)
        let folder = configuration.database.deletingLastPathComponent().path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: folder) else {
            return Diagnosis(
                "database",
                .failed,
                "There is no folder \(folder) for the database. Make it; it has to belong to the "
                    + "user that runs Broadsheet."
            )
        }
        guard FileManager.default.fileExists(atPath: path) else {
            return Diagnosis("database", .fine, "\(path) will be made at the first start.")
        }
        guard permissions(path) & 0o077 == 0 else {
            return Diagnosis(
                "database",
                .warning,
                "Others can read who the readers are. Run: chmod 600 \(path)"
            )
        }
        do {
            let found = try StoreInspection(path: path, thorough: false)
            return Diagnosis("database", .fine, "\(path): \(found.summary)")
        } catch {
            return Diagnosis("database", .failed, "\(error)")
        }
    }

    private func disk() -> Diagnosis {
        let folder = configuration.database.deletingLastPathComponent().path(percentEncoded: false)
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        guard let free = attributes?[.systemFreeSize] as? Int else {
            return Diagnosis("disk space", .skipped, "It is not known how much is free.")
        }
        let told = "\(free / 1_000_000) MB are free where the database is."
        guard free < Self.littleSpace else { return Diagnosis("disk space", .fine, told) }
        return Diagnosis(
            "disk space",
            free < Self.noSpace ? .failed : .warning,
            told + " Free some: without space requests are refused."
        )
    }

    private func issues(of newsletter: NewsletterSettings) -> Diagnosis {
        let path = newsletter.issues.path(percentEncoded: false)
        let step = "issues of \(newsletter.newsletter.name)"
        do {
            let count = try IssueDirectory(path: path, defaultLanguage: newsletter.language)
                .catalog().entries.count
            guard count > 0 else {
                return Diagnosis(
                    step,
                    .warning,
                    "There is no issue in \(path) yet. One is called, for instance, "
                        + "2026-04-05-\(newsletter.newsletter.name).md."
                )
            }
            return Diagnosis(step, .fine, "\(count) in \(path).")
        } catch {
            return Diagnosis(step, .failed, "\(error)")
        }
    }

    /// What follows links, where they are followed.
    private func links() -> [Diagnosis] {
        guard configuration.links != nil else { return [] }
        let isThere = programs.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/curl")
        }
        let missing = "'links.follow' needs the program curl. Run: apt install curl ca-certificates"
        return [
            isThere
                ? Diagnosis("links", .fine, "curl is there, which follows them.")
                : Diagnosis("links", .failed, missing)
        ]
    }

    private func socket() -> Diagnosis {
        let folder = configuration.controlSocket.deletingLastPathComponent()
            .path(percentEncoded: false)
        let isThere = FileManager.default.fileExists(atPath: folder)
        // systemd makes it with the service, and removes it afterwards.
        guard isThere || folder.hasPrefix("/run/") else {
            return Diagnosis(
                "control socket",
                .failed,
                "There is no folder \(folder) for the control socket. Make it, or set "
                    + "'control.socket'."
            )
        }
        return Diagnosis("control socket", .fine, "Its folder is \(folder).")
    }

    private func clock() -> Diagnosis {
        // This was written later than that.
        let isPast = Date() < Date(timeIntervalSince1970: 1_790_000_000)
        let now = Date().formatted(.iso8601)
        guard isPast else { return Diagnosis("clock", .fine, "It is \(now).") }
        return Diagnosis(
            "clock",
            .failed,
            "This machine believes that it is \(now). Set its clock: dates of issues and "
                + "deliveries follow it."
        )
    }

    private func permissions(_ path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.posixPermissions] as? Int ?? 0
    }
}
