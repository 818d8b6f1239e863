/* Seeds of role groups, their members, roles and service principals. tenant.h explains the notation. */
#include "demo/tenant.h"

/* name | display name | description | roles */
static const char *const groups[] = {
    "OrganizationManagement|Organization Management|Full control of the compliance settings.|Organization "
    "Configuration;Role Management;Case Management;Hold",
    "ComplianceAdministrator|Compliance Administrator|Manages compliance settings.|Case Management;Compliance "
    "Administrator;DLP Compliance Management",
    "eDiscoveryManager|eDiscovery Manager|Runs cases, searches and holds.|Case Management;Compliance "
    "Search;Hold;Export;Preview;Review",
    "SecurityAdministrator|Security Administrator|Manages protection.|Security Administrator;Quarantine",
    "SecurityReader|Security Reader|Reads security settings.|Security Reader",
    "DataInvestigator|Data Investigator|Investigates data incidents.|Compliance Search;Data Investigation Management",
    "RecordsManagement|Records Management|Manages retention and records.|RecordManagement;Disposition Management",
    "Reviewer|Reviewer|Sees the review sets it was given.|Review",
    "SupervisoryReview|Supervisory Review|Reviews communication.|Supervisory Review Administrator",
    "GlobalReader|Global Reader|Reads everything, changes nothing.|View-Only Configuration",
    "InformationProtectionAdmins|Information Protection Admins|Labels and DLP policies.|Sensitivity Label "
    "Administrator;DLP Compliance Management",
    "QuarantineAdministrator|Quarantine Administrator|Releases quarantined mail.|Quarantine",
    "PrivacyManagement|Privacy Management|Handles privacy cases.|Privacy Management Admin",
    "Juristes Paris|Juristes – Paris|Équipe juridique de Paris.|Review;Hold",
    "Rechtsabteilung|Rechtsabteilung München|Prüft Aufbewahrungen.|Hold;Case Management",
    "監査チーム|監査チーム 東京|東京の監査チーム。|View-Only Audit Logs",
    "Служба безопасности|Служба безопасности|Расследования в России и Казахстане.|Compliance Search",
    "Ομάδα συμμόρφωσης|Ομάδα συμμόρφωσης|Ομάδα της Αθήνας.|Compliance Administrator",
    "فريق الامتثال|فريق الامتثال|فريق دبي.|Security Reader", "צוות ציות|צוות ציות|הצוות בתל אביב.|Security Reader",
    "Audit Manager|Audit Manager|Manages audit log settings.|Audit Logs",
    "Audit Reader|Audit Reader|Searches the audit log.|View-Only Audit Logs",
    "Content Explorer List Viewer|Content Explorer List Viewer|Sees item names.|Data Classification List Viewer",
    "Content Explorer Content Viewer|Content Explorer Content Viewer|Sees items.|Data Classification Content Viewer",
    "Insider Risk Management|Insider Risk Management|Insider risk, everything.|Insider Risk Management Admin",
    "Insider Risk Analysts|Insider Risk Analysts|Triage of alerts.|Insider Risk Management Analysis",
    "Communication Compliance|Communication Compliance|Communication policies.|Supervisory Review Administrator",
    "Attack Simulator Administrators|Attack Simulator Administrators|Simulated phishing.|Attack Simulator Admin",
    "Mail Flow Administrator|Mail Flow Administrator|Connectors and rules.|View-Only Recipients",
    "Billing 💶|Billing Administrator|Pay-as-you-go meters.|Billing Admin", NULL,
};

static const char *const group_shape[] = {
    "ManagedBy L Organization Management", "RoleAssignments L {4}", "Roles L {4}", "DisplayName s {2}",
    "ExternalDirectoryObjectId s ", "Members L {person:first}|{person:second}", "SamAccountName s {name}",
    "Description s {3}", "RoleGroupType s Standard", "LinkedGroup s ", "Capabilities L ", "LinkedPartnerGroupId s ",
    "LinkedPartnerOrganizationId s ", "Name s {name}", "Guid g {guid}",
    "CustomConfigWriteScope,CustomRecipientWriteScope,RecipientOrganizationalUnitScope n", "& object", NULL,
};

/* name | mailbox | recipient type. Three in each group; one of them is a group itself. */
static const char *const members[] = {
    "Adele Vance|adele.vance|UserMailbox", "Jürgen Müßig|juergen.muessig|UserMailbox",
    "Αλέξανδρος Παπαδόπουλος|a.papadopoulos|UserMailbox", "佐藤 花子|hanako.sato|UserMailbox",
    "Compliance Team|compliance|MailUniversalSecurityGroup", "Megan Bowen|megan.bowen|UserMailbox",
    "Łukasz Żółć|lukasz.zolc|UserMailbox", NULL,
};

static const char *const member_shape[] = {
    "Name s {name}", "DisplayName s {1}", "Alias s {2}", "PrimarySmtpAddress s {2}@contoso.onmicrosoft.localhost",
    "EmailAddresses L SMTP:{2}@contoso.onmicrosoft.localhost", "RecipientType s {3}", "RecipientTypeDetails s {3}",
    "City s {pick:München;Paris;Αθήνα;東京;Seattle;Kraków}", "Department s {pick:Legal;Finance;IT;Research}",
    "Title s ", "Company s Contoso", "Guid g {guid}", "& object", NULL,
};

/* name, which is the role type too | description */
static const char *const roles[] = {
    "Case Management|Creates, edits, deletes cases and gives access to them.",
    "Compliance Search|Runs searches and gets an estimate.", "Hold|Keeps content in place.",
    "Export|Exports what a search found.", "Preview|Shows the items that a search found.",
    "Review|Works in review sets.", "Role Management|Manages role groups and their members.",
    "Quarantine|Shows and releases quarantined messages.", "RecordManagement|Sees and edits record settings.",
    "Disposition Management|Controls disposition.", "DLP Compliance Management|Views and edits DLP settings.",
    "View-Only Audit Logs|Searches the audit log.", "Security Reader|Sees security settings.",
    "Security Administrator|Edits security settings.", NULL,
};

static const char *const role_shape[] = {
    "Name s {name}", "RoleType s {name}", "Description s {2}",
    "RoleEntries L (Microsoft.Exchange) Get-ComplianceCase -Identity -CaseType|(Microsoft.Exchange) Get-RoleGroup "
    "-Identity",
    "IsRootRole b true", "IsEndUserRole b false", "MailboxPlanIndex s ",
    "ImplicitRecipientReadScope,ImplicitRecipientWriteScope s Organization",
    "ImplicitConfigReadScope,ImplicitConfigWriteScope s OrganizationConfig", "Parent n", "Guid g {guid}", "& object",
    NULL,
};

/* name | application id */
static const char *const principals[] = {
    "Compliance Connector|7f1c2b7a-3f0e-4f8e-9a83-1c54c0b3d901",
    "Backup (nightly)|2a1d9b34-77a5-4f0b-b0c0-52a1c2f3e4d5", "Mitlesender Archiv|91b3cc02-1c11-4d1e-8b21-6f5e4d3c2b1a",
    "自動化アカウント|c0ffee00-1234-4abc-8def-0123456789ab", "SIEM export|5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9", NULL,
};

static const char *const principal_shape[] = {
    "DisplayName s {name}", "Name s {name}", "ObjectId s {guid}", "AppId s {2}",
    "Sid s S-1-5-21-{int:1000000-9999999}-{n}", "Guid g {guid}", "& object", NULL,
};

const struct noun nouns_roles[] = {
    { "RoleGroup", groups, 30, "||", group_shape, NULL, NULL },
    { "RoleGroupMember", members, 90, "|UserMailbox", member_shape, "RoleGroup", "Identity" },
    { "ManagementRole", roles, 14, "", role_shape, NULL, NULL },
    { "ServicePrincipal", principals, 5, "", principal_shape, NULL, NULL },
    { 0 },
};
