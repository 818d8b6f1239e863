/* The service does not say which part of the product a cmdlet belongs to; the nouns do. The table is read from the top, so
   what is more particular stands first. */
#include "catalogue/areas.h"

/* Parts of nouns, the telling ones first: ProtectionAlert is an alert, CaseHold is eDiscovery and no retention. */
static const struct { const char *part; const char *area; } areas[] = {
    { "InformationBarrier", "Information barriers" },
    { "OrganizationSegment", "Information barriers" },
    { "Quarantine", "Quarantine" },
    { "MailFilterList", "Quarantine" },
    { "TenantAllowBlock", "Quarantine" },
    { "InsiderRisk", "Insider risk and supervision" },
    { "Supervisory", "Insider risk and supervision" },
    { "PrivacyManagement", "Insider risk and supervision" },
    { "GlobalList", "Insider risk and supervision" },
    { "ComplianceReviewRecords", "Insider risk and supervision" },
    { "Device", "Devices" },
    { "ThreatResponse", "Alerts" },
    { "Alert", "Alerts" },
    { "CaseHold", "eDiscovery" },
    { "ComplianceCase", "eDiscovery" },
    { "ComplianceSearch", "eDiscovery" },
    { "ComplianceSecurityFilter", "eDiscovery" },
    { "ComplianceBoundary", "eDiscovery" },
    { "ComplianceCustodian", "eDiscovery" },
    { "ComplianceNotice", "eDiscovery" },
    { "ComplianceEmailSetting", "eDiscovery" },
    { "eDiscovery", "eDiscovery" },
    { "HoldRemoval", "eDiscovery" },
    { "Audit", "Audit" },
    { "ActivityExplorer", "Audit" },
    { "Retention", "Retention" },
    { "RecordLabel", "Retention" },
    { "RecordReview", "Retention" },
    { "ComplianceTag", "Retention" },
    { "MachineAssistedTag", "Retention" },
    { "FilePlan", "Retention" },
    { "AdaptiveScope", "Retention" },
    { "HoldCompliance", "Retention" },
    { "CompliancePreservation", "Retention" },
    { "RegulatoryCompliance", "Retention" },
    { "ItemsDeletedBy", "Retention" },
    { "SensitiveInformation", "Data classification" },
    { "DlpFingerprint", "Data classification" },
    { "DlpEdm", "Data classification" },
    { "DlpKeyword", "Data classification" },
    { "Classification", "Data classification" },
    { "TextExtraction", "Data classification" },
    { "ContentExplorer", "Data classification" },
    { "OcrConfiguration", "Data classification" },
    { "Dlp", "DLP" },
    { "Dspm", "DLP" },
    { "PolicyConfig", "DLP" },
    { "ProtectionCompliance", "DLP" },
    { "JitConfiguration", "DLP" },
    { "Label", "Labels" },
    { "EncryptionReport", "Labels" },
    { "AadProtection", "Labels" },
    { "Role", "Roles and users" },
    { "ServicePrincipal", "Roles and users" },
    { "SecurityPrincipal", "Roles and users" },
    { "AdministrativeUnit", "Roles and users" },
    { "ScopeAdmins", "Roles and users" },
    { "ScopeEntities", "Roles and users" },
    { "Recipient", "Roles and users" },
};

/* Too short to look for inside of a noun. */
static const char *const people_nouns[] = { "User", "Group" };

const char *area_of_noun(struct str noun)
{
    for (size_t i = 0; i < sizeof people_nouns / sizeof *people_nouns; i++)
        if (str_is_nocase(noun, people_nouns[i]))
            return "Roles and users";
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
        if (str_contains_nocase(noun, str_of(areas[i].part)))
            return areas[i].area;
    /* Still listed: a new part of the product must not hide its cmdlets. */
    return "Other";
}
