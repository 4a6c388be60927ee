import Foundation

/// The folder that holds the files of a newsletter's web site, such as Hugo's `static`, or its
/// images at least.
///
/// Only what really lies in it counts: neither `..` nor a symbolic link leads out of it.
public struct ImageFolder: Hashable, Sendable {
    public let path: String

    /// The site whose paths begin in the folder.
    public let site: WebSite

    public init(path: String, site: WebSite) {
        self.path = path
        self.site = site
    }

    /// The path within the folder of an address; nil if it is of another site or leads out.
    func path(of address: String) -> String? {
        guard address.hasPrefix(site.base) else { return nil }
        let rest = address.dropFirst(site.base.count).prefix { $0 != "?" && $0 != "#" }
        let path = PercentEncoding.decode(String(rest))
        return path.split(separator: "/").contains("..") || path.contains("\0") ? nil : path
    }

    /// The size of the file an address leads to, in bytes; nil if it is not at hand.
    func size(of address: String) -> Int? {
        guard let path = path(of: address), let folder = Self.realPath(self.path),
            let file = Self.realPath("\(folder)/\(path)"), file.hasPrefix(folder + "/")
        else { return nil }
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else { return nil }
        return attributes?[.size] as? Int
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
