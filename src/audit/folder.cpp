// Opened anew for each reading.
#include "audit/folder.hpp"

#include "base/result.hpp"
#include "host/folder_disk.hpp"

namespace miletus::audit {

using host::FolderDisk;
using journal::Inspection;
using journal::JournalResult;

JournalResult<Inspection> inspect_folder(const std::string& folder,
                                         const journal::VisitRecord& visit) {
    const auto disk = FolderDisk::at(folder);
    if (!disk) {
        return failure_of(disk);
    }
    return journal::inspect(**disk, visit);
}

JournalResult<exchange::Settings> settings_of(const std::string& folder) {
    const auto disk = FolderDisk::at(folder);
    if (!disk) {
        return failure_of(disk);
    }
    return exchange::settings_of(**disk);
}

JournalResult<Outline> outline(const std::string& folder) {
    Outline outline;
    const JournalResult<Inspection> inspection =
        inspect_folder(folder, [&](const journal::Record& record) {
            exchange::add_vetoes(outline.vetoes, record.payload);
        });
    outline.inspection = TRY(inspection);
    return outline;
}

}  // namespace miletus::audit
