// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "broadsheet",
    targets: [
        .systemLibrary(name: "CExpat"),
        .target(name: "XML", dependencies: ["CExpat"], swiftSettings: settings),
        .target(name: "XMPP", dependencies: ["XML"], swiftSettings: settings),
        .testTarget(name: "XMLTests", dependencies: ["XML"], swiftSettings: settings),
        .testTarget(name: "XMPPTests", dependencies: ["XMPP"], swiftSettings: settings),
    ]
)
