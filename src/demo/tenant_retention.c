/* Seeds of retention policies, their rules and audit retention. tenant.h explains the notation. */
#include "demo/tenant.h"

/* name | comment | Exchange | SharePoint | OneDrive */
static const char *const policies[] = {
    "Mail 7 years|Keeps all mail for seven years.|All||", "SharePoint 10 years|Keeps documents for ten years.||All|All",
    "Teams chats 90 days|Deletes chats after ninety days.|||",
    "Rétention Paris|Conservation légale des courriels de Paris.|paris@contoso.onmicrosoft.localhost||",
    "Aufbewahrung GoBD|Aufbewahrung nach GoBD, zehn Jahre.|All|All|",
    "保存ポリシー 東京|七年間保存します。|tokyo@contoso.onmicrosoft.localhost||",
    "Хранение закупок|Переписка отдела закупок.|procurement@contoso.onmicrosoft.localhost||",
    "Διατήρηση συμβάσεων|Συμβάσεις για δέκα έτη.||All|", "שימור מסמכים|שימור לשבע שנים.||All|",
    "Publish tags to everyone|Makes the retention labels visible in all workloads.|All|All|All", NULL,
};

static const char *const policy_shape[] = {
    "Name s {name}", "Guid g {guid}", "Enabled b true", "Mode s Enforce", "Comment s {2}",
    "Workload s Exchange, SharePoint, OneDriveForBusiness", "TeamsPolicy b false", "RestrictiveRetention b false",
    "TeamsChannelLocation,TeamsChatLocation,TeamsChannelLocationException,TeamsChatLocationException L ",
    "DynamicScopeLocation L ", "ExchangeLocation L {3}", "SharePointLocation L {4}", "OneDriveLocation L {5}",
    "ModernGroupLocation,PublicFolderLocation,SkypeLocation L ",
    "ExchangeLocationException,ModernGroupLocationException,OneDriveLocationException,SharePointLocationException,"
    "SkypeLocationException L ",
    "AdaptiveScopeLocation L ", "Type s Hold", "IsSimulation b false", "IsAdaptivePolicy b false",
    "PriorityCleanup b false", "ItemStatistics n", "HasRules b true", "RetentionRuleTypes L HoldUntil",
    "Applications L ", "& policy", "& object", NULL,
};

/* name | action | days | counted from | query */
static const char *const rules[] = {
    "Mail rule|Keep|2555|CreationAgeInDays|", "Documents rule|KeepAndDelete|3652|ModificationAgeInDays|",
    "Chat rule|Delete|90|CreationAgeInDays|", "Règle Paris|Keep|1826|CreationAgeInDays|(contrat OR facture)",
    "GoBD-Regel|KeepAndDelete|3652|CreationAgeInDays|", "東京ルール|Keep|2555|CreationAgeInDays|契約",
    "Правило закупок|Keep|1095|CreationAgeInDays|тендер", "Κανόνας συμβάσεων|Keep|3652|ModificationAgeInDays|",
    "כלל שימור|Keep|2555|CreationAgeInDays|", "Publish rule|Keep|Unlimited||", NULL,
};

static const char *const rule_shape[] = {
    "Name s {name}", "Policy g {parentguid}", "Guid g {guid}", "RetentionComplianceAction s {2}",
    "RetentionDuration s {3}", "RetentionDurationDisplayHint s Days", "ExpirationDateOption s {4}",
    "ContentMatchQuery s {5}", "ExcludedItemClasses L ", "ContentDateFrom d ", "ContentDateTo d ",
    "ContentContainsSensitiveInformation n", "ApplyComplianceTag,PublishComplianceTag,ComplianceTagProperty n",
    "Disabled b false", "Mode s Enforce", "Comment s ", "Workload s Exchange, SharePoint",
    "ImmutableId g {guid:immutable}", "IRMRiskyUserProfiles,MachineLearningModelIDs L ", "LogicalWorkload n",
    "PriorityCleanup b false", "RetainCloudAttachment b false", "ErrorMetadata n", "Priority i 0", "ReadOnly b false",
    "ExternalIdentity s ", "CreatedBy,LastModifiedBy s {by}", "ObjectVersion g {guid:version}", "& object", NULL,
};

/* name | description | duration | record type | operations */
static const char *const audit[] = {
    "Default Exchange 1 year|Mailbox actions, kept for a year.|TwelveMonths|ExchangeItem|MailItemsAccessed;Send",
    "SharePoint files|File operations.|SixMonths|SharePointFileOperation|FileDownloaded",
    "Azure AD 10 years|Sign-ins and changes in the directory.|TenYears|AzureActiveDirectory|",
    "Teams meetings|Who joined what.|ThreeMonths|MicrosoftTeams|MeetingParticipantDetail", NULL,
};

static const char *const audit_shape[] = {
    "Name s {name}", "Description s {2}", "Priority i {int:1-10000}", "RetentionDuration s {3}", "RecordTypes L {4}",
    "Operations L {5}", "UserIds L ", "Identity s {guid}", "Guid g {guid}", "Enabled b true", "Mode s Enforce",
    "Workload s Auditing", "CreatedBy,LastModifiedBy s {by}", "WhenCreatedUTC d created", "WhenChangedUTC d changed",
    "IsValid b true", "ObjectState s Unchanged", NULL,
};

const struct noun nouns_retention[] = {
    { "RetentionCompliancePolicy", policies, 10, "|||", policy_shape, NULL, NULL },
    { "RetentionComplianceRule", rules, 10, "Keep|Unlimited||", rule_shape, "RetentionCompliancePolicy", "Policy" },
    { "UnifiedAuditLogRetentionPolicy", audit, 4, "|TwelveMonths||", audit_shape, NULL, NULL },
    { 0 },
};
