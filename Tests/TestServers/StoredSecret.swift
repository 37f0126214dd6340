// What the service keeps of one secret.

/// One version: its id is the token it was written with.
struct StoredVersion {
    var id: String
    var string: String?
    /// Base64, as it came.
    var binary: String?
    var stages: [String]
    var created: Double

    func holdsSameData(string: String?, binary: String?) -> Bool {
        self.string == string && self.binary == binary
    }
}

struct StoredSecret {
    var name: String
    var arn: String
    var description: String?
    var kmsKeyID: String?
    var tags: [(key: String, value: String)] = []
    /// Oldest first.
    var versions: [StoredVersion] = []
    var created: Double
    var lastChanged: Double
    var lastAccessed: Double?
    /// Set while the secret waits for its deletion.
    var deletionDate: Double?
    var isRotated = false
    var owningService: String?

    func version(id: String) -> StoredVersion? { versions.first { $0.id == id } }

    func holder(of stage: String) -> StoredVersion? { versions.first { $0.stages.contains(stage) } }

    /// Attaches a label to one version, and takes it off every other: each label has one holder at most.
    /// AWSPREVIOUS follows AWSCURRENT to the version that it leaves.
    mutating func move(_ stage: String, to id: String) {
        let before = holder(of: stage)?.id
        guard before != id else { return }
        remove(stage)
        for index in versions.indices where versions[index].id == id { versions[index].stages.append(stage) }
        if stage == "AWSCURRENT", let before { move("AWSPREVIOUS", to: before) }
    }

    mutating func remove(_ stage: String) {
        for index in versions.indices { versions[index].stages.removeAll { $0 == stage } }
    }

    /// What DescribeSecret and ListSecrets tell; absent fields are left out, never null.
    func metadata(stagesField: String) -> JSONObject {
        var object: JSONObject = [
            "ARN": arn, "Name": name, "CreatedDate": created, "LastChangedDate": lastChanged,
        ]
        object["Description"] = description
        object["KmsKeyId"] = kmsKeyID
        // AWS gives the day only.
        object["LastAccessedDate"] = lastAccessed.map { ($0 / 86_400).rounded(.down) * 86_400 }
        object["DeletedDate"] = deletionDate
        object["OwningService"] = owningService
        if isRotated { object["RotationEnabled"] = true }
        if !tags.isEmpty { object["Tags"] = tags.map { ["Key": $0.key, "Value": $0.value] } }
        let labelled = versions.filter { !$0.stages.isEmpty }
        if !labelled.isEmpty {
            object[stagesField] = Dictionary(labelled.map { ($0.id, $0.stages) }) { first, _ in first }
        }
        return object
    }
}
