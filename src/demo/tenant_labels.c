/* Seeds of sensitivity labels and their policies. tenant.h explains the notation. */
#include "demo/tenant.h"

/* name | display name | tooltip | colour | actions (JSON in a text) | content types */
#define ENCRYPT "{\"Type\":\"encrypt\",\"SubType\":null,\"Settings\":[{\"Key\":\"protectiontype\",\"Value\":\"template\"}," \
    "{\"Key\":\"contentexpiredondateindaysornever\",\"Value\":\"Never\"},{\"Key\":\"offlineaccessdays\",\"Value\":\"7\"}]}"
#define FOOTER "{\"Type\":\"applycontentmarking\",\"SubType\":\"footer\",\"Settings\":[{\"Key\":\"text\",\"Value\":\"Contoso internal\"}," \
    "{\"Key\":\"fontsize\",\"Value\":\"10\"},{\"Key\":\"alignment\",\"Value\":\"Center\"}]}"
static const char *const labels[] = {
    "Personal|Personal|Non-business data, for personal use only.|#737373||File, Email",
    "Public|Public|Business data that is specifically prepared and approved for public consumption.|#317100||File, "
    "Email, Site, UnifiedGroup",
    "General|General|Business data that is not meant for the public but can be shared with partners.|#0078D7|" FOOTER
    "|File, Email, Site, UnifiedGroup",
    "Confidential|Confidential|Sensitive business data that could do harm if seen by the wrong people.|#FF8C00|" FOOTER
    "|File, Email",
    "Confidential-AllEmployees|All Employees|Everyone inside may edit, the owner can track it.|#FF8C00|" ENCRYPT
    "|File, Email",
    "Confidential-AnyoneNotProtected|Anyone (not protected)|Confidential without encryption, think before you share.|"
    "#FF8C00||File, Email",
    "HighlyConfidential|Highly Confidential|Very sensitive data; leaking it would hurt the company.|#A80000|" ENCRYPT
    "|File, Email",
    "HC-Board|Board only 🔒|Papers of the board of directors.|#A80000|" ENCRYPT "|File, Email",
    "Vertraulich-Personal|Vertraulich – Personalabteilung|Gehälter, Beurteilungen, Bewerbungen.|#B4009E|" ENCRYPT
    "|File, Email",
    "Confidentiel-Juridique|Confidentiel – Juridique|Échanges avec les avocats, données protégées.|#B4009E|" ENCRYPT
    "|File, Email",
    "社外秘|社外秘|社外に出さないでください。|#E3008C|" FOOTER "|File, Email",
    "Секретно|Секретно – исследования|Только для отдела исследований.|#E81123|" ENCRYPT "|File, Email",
    "سري|سري للغاية|للاستخدام الداخلي فقط.|#8E192E|" ENCRYPT "|File, Email",
    "Εμπιστευτικό|Εμπιστευτικό – Συμβάσεις|Μόνο για το τμήμα συμβάσεων.|#498205|" FOOTER "|File", NULL,
};

/* Settings are texts in brackets, LabelActions and LocaleSettings are JSON in texts: three forms side by side, as in the
   real object. */
static const char *const label_shape[] = {
    "ImmutableId g {guid}", "Priority i {n}", "ParentId n", "ParentLabelDisplayName s ", "IsParent b false",
    "Tooltip s {3}", "DisplayName s {2}", "Name s {name}", "Guid g {guid}", "Disabled b false", "ContentType s {6}",
    "Workload s Exchange, SharePoint", "Mode s Enforce",
    "Settings L [color, {4}]|[displayname, {2}]|[contenttype, {6}]|[tooltip, {3}]", "LabelActions L {5}",
    "LocaleSettings L {\"LocaleKey\":\"displayName\",\"Settings\":[{\"Key\":\"default\",\"Value\":\"{2}\"},"
    "{\"Key\":\"de-DE\",\"Value\":\"{2} (de)\"}]}",
    "Conditions L ", "Capabilities L LabelAction|EncryptionTemplate", "Comment s ", "Policy g {guid:policy}",
    "DefaultContentLabel s None", "SchematizedDataCondition s ", "ColumnAssetCondition s ", "AdvancedSettings n",
    "MigrationId n", "ResolvedUsers L ", "Item n", "ReadOnly b false", "ExternalIdentity s ",
    "CreatedBy,LastModifiedBy s {by}", "ObjectVersion g {guid:version}", "& object", NULL,
};

/* name | labels | who gets them | comment */
static const char *const label_policies[] = {
    "Global sensitivity label policy|Personal;Public;General;Confidential|All|The defaults for everyone",
    "Legal and compliance|Confidentiel-Juridique;HighlyConfidential|legal@contoso.onmicrosoft.localhost|",
    "Personalabteilung|Vertraulich-Personal|hr@contoso.onmicrosoft.localhost|Nur für die Personalabteilung",
    "日本支社|社外秘|tokyo@contoso.onmicrosoft.localhost|",
    "Исследования|Секретно|research@contoso.onmicrosoft.localhost|",
    "Board|HC-Board|board@contoso.onmicrosoft.localhost|Approved by the board on 2024-11-05", NULL,
};

static const char *const label_policy_shape[] = {
    "Type s PublishedSensitivityLabel", "Name s {name}", "Guid g {guid}", "Enabled b true", "Mode s Enforce",
    "Comment s {4}", "Labels,ScopedLabels L {2}", "ExchangeLocation L {3}", "ExchangeLocationException L ",
    "ModernGroupLocation L ", "ModernGroupLocationException L ", "SharePointLocation L ",
    "Settings L [mandatory, false]|[requiredowngradejustification, true]|[siteandgroupmandatory, false]|"
    "[disablemandatoryinoutlook, true]",
    "PolicySettingsBlob s {\"powerbimandatory\":\"false\","
    "\"customurl\":\"https://contoso.sharepoint.localhost/labels\"}",
    "Workload s Exchange, SharePoint", "& policy", "& object", NULL,
};

/* name | action | days, or Unlimited | is a record */
static const char *const tags[] = {
    "Contracts 10 years|KeepAndDelete|3652|true", "HR records|Keep|Unlimited|true",
    "Invoices (§ 147 AO)|KeepAndDelete|3652|true", "Project e-mail|Delete|1095|false",
    "Minutes of meetings|Keep|2555|false", "Factures fournisseurs|KeepAndDelete|3652|false",
    "契約書 7年|KeepAndDelete|2555|true", "Договоры|KeepAndDelete|1826|false", "Συμβάσεις|Keep|3652|false",
    "عقود|Keep|3652|false", "חוזים|Keep|2555|false", "Temporary 30 days|Delete|30|false",
    "Design drawings|Keep|Unlimited|true", "Safety reports|Keep|10950|true", "Press 📰|Delete|365|false",
    "Customer complaints|KeepAndDelete|1826|false", "Umowy najmu|Keep|1826|false", "Board minutes|Keep|Unlimited|true",
    "Chat history|Delete|90|false", "Source archives|Keep|5475|false", NULL,
};

static const char *const tag_shape[] = {
    "Name s {name}", "Guid g {guid}", "RetentionAction s {2}", "RetentionDuration s {3}",
    "RetentionType s {pick:CreationAgeInDays;ModificationAgeInDays;TaggedAgeInDays}", "RetentionId g {guid:retention}",
    "IsRecordLabel b {4}", "IsRecordUnlockedAsDefault b false", "Regulatory b false", "HasRetentionAction b true",
    "ReviewerEmail L ", "EventType n", "FlowId n", "AutoApprovalPeriod n", "IsReviewTag b false",
    "ComplianceTagType s ",
    "FilePlanMetadata s {\"Settings\":[{\"Key\":\"FilePlanPropertyDepartment\",\"Value\":\"Finance\"},"
    "{\"Key\":\"FilePlanPropertyCitation\",\"Value\":null}]}",
    "Notes s ", "Comment s ", "Disabled b false", "Mode s Enforce", "Workload s Exchange, SharePoint",
    "Policy g {guid:policy}", "Priority i 0", "ImmutableId g {guid:immutable}", "ReadOnly b false",
    "CreatedBy,LastModifiedBy s {by}", "ObjectVersion g {guid:version}", "& object", NULL,
};

const struct noun nouns_labels[] = {
    { "Label", labels, 14, "|{}|#737373||File, Email", label_shape, NULL, NULL },
    { "LabelPolicy", label_policies, 6, "|All|", label_policy_shape, NULL, NULL },
    { "ComplianceTag", tags, 20, "Keep|Unlimited|false", tag_shape, NULL, NULL },
    { 0 },
};
