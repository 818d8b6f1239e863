/* Seeds of alert policies. tenant.h explains the notation. */
#include "demo/tenant.h"

/* name | comment | severity | category | threat type | operations */
static const char *const alerts[] = {
    "Elevation of Exchange admin privilege|Somebody became an Exchange administrator.|Low|AccessGovernance|Activity|"
    "Add-RoleGroupMember",
    "Messages have been delayed|Mail waits in the queue for more than an hour.|High|MailFlow|MailFlow|",
    "Malware campaign detected after delivery|Many messages with the same malware reached mailboxes.|High|"
    "ThreatManagement|Malware|",
    "Unusual volume of file deletion|A user deletes far more files than usual.|Medium|DataGovernance|Activity|"
    "FileDeleted",
    "Creation of forwarding rule|A rule forwards mail out of the company.|Informational|ThreatManagement|Activity|"
    "New-InboxRule",
    "eDiscovery search started or exported|Somebody started or exported a search.|Informational|DataGovernance|"
    "Activity|SearchStarted;SearchExported",
    "Suspicious e-mail sending patterns|An account sends like a spammer.|Medium|ThreatManagement|Activity|",
    "Phish delivered 🐟|Phishing reached an inbox because of an override.|High|ThreatManagement|Activity|",
    "Téléchargement massif|Plus de 500 fichiers téléchargés en une heure.|Medium|DataLossPrevention|Activity|"
    "FileDownloaded",
    "Verdächtige Anmeldung|Anmeldung von einem unbekannten Ort.|High|ThreatManagement|Activity|UserLoggedIn",
    "外部共有の急増|外部共有が通常の三倍になりました。|Medium|DataLossPrevention|Activity|SharingSet",
    "Удаление меток|С файлов снимают метки.|Medium|DataGovernance|Activity|",
    "Διαγραφή αρχείων|Πολλά αρχεία διαγράφηκαν.|Low|DataGovernance|Activity|FileDeleted",
    "محاولة تصيد|رسائل تصيد من نطاق مشابه.|High|ThreatManagement|Activity|",
    "ניסיון גישה|כניסות כושלות רבות.|Medium|ThreatManagement|Activity|",
    "DLP rule match in finance|A rule of the finance policies matched.|Low|DataLossPrevention|Activity|DlpRuleMatch",
    "Tenant restricted from sending|The tenant may not send mail any more.|High|MailFlow|MailFlow|",
    "Label simulation done|An automatic labelling simulation has results.|Low|Others|Activity|",
    "Admin submission completed|The result of a submission is there.|Informational|ThreatManagement|Activity|",
    "Unusual external sharing|More links to the outside than usual.|Medium|DataLossPrevention|Activity|SharingSet",
    NULL,
};

static const char *const alert_shape[] = {
    "Name s {name}", "Guid g {guid}", "Severity s {3}", "Category s {4}", "ThreatType s {5}", "Disabled b false",
    "Filter s ", "Operation L {6}", "LogicalOperationName s ", "NotificationEnabled b true",
    "NotifyUser L TenantAdmins|{upn:notify}", "Threshold i {int:1-2000}", "VolumeThreshold n", "ExternalScenarioData n",
    "TimeWindow i 60", "NotifyUserOnFilterMatch b false", "MergedRuleXml n", "StreamType s Activity",
    "PrivacyManagementScopedSensitiveInformationTypes L ",
    "PrivacyManagementScopedSensitiveInformationTypesForCounting L ",
    "PrivacyManagementScopedSensitiveInformationTypesThreshold n", "AlertBy L Tenant", "AlertFor L ",
    "AlertScenario s Activity", "Scenario s AuditProtectionAlert",
    "NotifyUserThrottleThreshold,NotifyUserThrottleWindow i 0", "NotifyUserSuppressionExpiryDate d ",
    "NotificationCulture s en-US", "AlertOverrideChangedUtc d ",
    "AggregationType s {pick:None;CustomAggregation;AnomalousAggregation}", "IsSystemRule b {pick:true;false}",
    "TagFilter,UserTags,RecipientTags,SenderTags n", "CustomProperties n", "UseCreatedDateTime b false",
    "CorrelationPolicyId g {guid:correlation}", "ErrorMetadata n", "ExternalIdentity s ",
    "ImmutableId g {guid:immutable}", "Priority i 0", "Workload s AuditAlerting", "Policy g {guid:policy}",
    "Comment s {2}", "Description s {2}", "Mode s Enforce", "ObjectVersion g {guid:version}",
    "MaximumBlobRuleLength i 0", "ReadOnly b false", "CreatedBy,LastModifiedBy s {by}", "& object", NULL,
};

const struct noun nouns_alerts[] = {
    { "ProtectionAlert", alerts, 20, "|Low|Others|Activity|", alert_shape, NULL, NULL },
    { 0 },
};
