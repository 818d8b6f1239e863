/* Seeds of eDiscovery: cases, their members, holds, searches and actions. tenant.h explains the notation. */
#include "demo/tenant.h"

/* name | description | case type | status. All types are there: Get-ComplianceCase shows one only unless asked. */
static const char *const cases[] = {
    "Northwind v. Contoso|Contract dispute over late deliveries of the 2024 frame agreement. Custodians: sales EMEA "
    "and legal. " "Outside counsel asked for weekly counts.|eDiscovery|Active",
    "Enquête fournisseurs 2025|Vérification des paiements aux fournisseurs de la région Île-de-France.|eDiscovery|"
    "Active",
    "Проект «Байкал»|Проверка переписки отдела закупок за второе полугодие.|AdvancedEdiscovery|Active",
    "個人情報漏えい調査|大阪支店の共有フォルダーに関する調査。関係者は12名。|AdvancedEdiscovery|Active",
    "Έλεγχος συμβάσεων|Συμβάσεις με προμηθευτές, Αθήνα και Θεσσαλονίκη.|eDiscovery|Active",
    "مراجعة العقود|مراجعة عقود الموردين في مكتب دبي.|eDiscovery|Closed",
    "בדיקת ציות 2025|בדיקה שנתית של משרד תל אביב.|eDiscovery|Active", "Personnel matter 4471||InsiderRisk|Active",
    "Müller ./. Fabrikam|Kündigungsschutzklage; Aufbewahrungspflicht bis zur Rechtskraft des Urteils.|eDiscovery|"
    "Active",
    "DSR 2025-0098 Lefèvre|Data subject request, answer due within one month.|DSR|Active",
    "Project Tailspin 🛩 due diligence|All correspondence about the merger. Very long description on purpose: the deal "
    "room opened in "
    "January, two bidders remained in March, and the board wants to know who wrote to whom, when, and with which "
    "attachments. Every "
    "mailbox of the finance leadership team, the shared mailbox dealroom@ and three SharePoint sites are in scope; "
    "personal OneDrives "
    "are added once the works council has agreed. Privileged correspondence with counsel is reviewed separately.|"
    "AdvancedEdiscovery|Active",
    "Export control review|Shipments with dual-use codes.|eDiscovery|Closed",
    "Śledztwo wewnętrzne|Zgłoszenie z infolinii, oddział Kraków.|InternalInvestigation|Active",
    "Expense audit FY25|Sampling of 200 expense reports.|eDiscovery|Active",
    "IP theft — unit 7|Source archives were copied to private storage.|AdvancedEdiscovery|Active",
    "Cuộc điều tra nội bộ|Khiếu nại của nhân viên tại Hà Nội.|eDiscovery|Active",
    "Litigation readiness drill|A rehearsal; nothing in here is real.|eDiscovery|Closed",
    "Wire fraud attempt March|Mail from look-alike domains to accounts payable.|DataInvestigation|Active",
    "Union correspondence hold|Hold only, no searches.|eDiscovery|Active",
    "Reclamações de clientes|Reclamações recebidas pelo canal de atendimento.|eDiscovery|Active",
    "Works council request 12||eDiscovery|Active",
    "Regulator inquiry BaFin|Auskunftsersuchen, Frist 30 Tage.|AdvancedEdiscovery|Active",
    "Safety incident Plant 3|Logs and mails of the shift leads.|eDiscovery|Active",
    "Patent 10,884,221|Prior-art correspondence of the research group.|eDiscovery|Active", NULL,
};

/* GUID in capitals and an Identity that is the same Guid: so the service spells it. */
static const char *const case_shape[] = {
    "Name s {name}", "Status s {4}", "GUID g {guid}", "CreatedDateTime d created", "LastModifiedDateTime d changed",
    "ClosedDateTime d ", "ClosedBy s ", "Description s {2}", "ExternalId s {pick:;;MAT-2025-17;LIT-77}",
    "CaseType s {3}", "SecondaryCaseType s ", "CreatedBy s {by}", "LastModifiedBy s {by}", "SourceCaseType n",
    "Sources j []", "IsValid b true", "ObjectState s Unchanged", "Identity s {guid}", NULL,
};

/* name | mailbox. Dealt to the cases in turn: each has two. */
static const char *const members[] = {
    "Adele Vance|adele.vance", "Renée Lefèvre|renee.lefevre", "Ольга Смирнова|olga.smirnova", "佐藤 花子|hanako.sato",
    "נועה לוי|noa.levi", "Megan Bowen|megan.bowen", "محمد العلي|mohammed.alali", NULL,
};

static const char *const member_shape[] = {
    "Name s {name}", "DisplayName s {1}", "PrimarySmtpAddress s {2}@contoso.onmicrosoft.localhost",
    "RecipientType s UserMailbox", "RecipientTypeDetails s UserMailbox", "Guid g {guid}", "Identity s {1}",
    "IsValid b true", "ObjectState s Unchanged", NULL,
};

/* name | mailboxes | sites */
static const char *const holds[] = {
    "Legal hold Northwind|All|", "Gel des données – fournisseurs|All|",
    "Байкал: удержание|olga.smirnova@contoso.onmicrosoft.localhost|",
    "保全ポリシー 大阪|All|https://contoso.sharepoint.localhost/sites/osaka", "Hold Athens|All|",
    "Deal room hold|dealroom@contoso.onmicrosoft.localhost|All",
    "Plant 3 hold|All|https://contoso.sharepoint.localhost/sites/plant3",
    "Patent hold|research@contoso.onmicrosoft.localhost|", NULL,
};

static const char *const hold_shape[] = {
    "Name s {name}", "Guid g {guid}", "Workload s Exchange, SharePoint", "Enabled b true", "Mode s Enforce",
    "Status s Succeeded", "Comment s ", "ExchangeLocation L {2}", "SharePointLocation L {3}", "PublicFolderLocation L ",
    "CaseId g {parentguid}", "Type s CaseHold", "& policy", "& object", NULL,
};

/* name | query in KQL; an empty one keeps everything */
static const char *const hold_rules[] = {
    "Northwind rule|subject:(\"frame agreement\" OR delivery)", "Règle fournisseurs|(paiement AND facture)",
    "Правило Байкал|закупка OR тендер", "大阪ルール|", "Athens rule|σύμβαση",
    "Deal room rule|participants:tailspin.localhost", "Plant 3 rule|received>=2025-03-01", "Patent rule|", NULL,
};

static const char *const hold_rule_shape[] = {
    "Name s {name}", "Guid g {guid}", "Enabled b true", "Mode s Enforce", "Status s Succeeded", "Comment s ",
    "Disabled b false", "ContentMatchQuery s {2}", "ContentDateFrom d ", "ContentDateTo d ", "Policy g {parentguid}",
    "ErrorMetadata n", "ImmutableId g {guid:immutable}", "Workload s Exchange, SharePoint", "& policy", "& object",
    NULL,
};

/* One search found more bytes than a double can count. */
static const char *const searches[] = {
    "Custodian mailboxes|(subject:invoice OR subject:delivery) AND sent>=2024-01-01|Completed|184220|106300440576",
    "Factures 2024|facture AND montant>10000|Completed|2210|734003200",
    "Переписка с подрядчиками|подрядчик OR смета|Completed|48112|20937965568",
    "大阪 共有フォルダー|filename:顧客一覧 OR filename:名簿|Completed|391|88080384",
    "Everything, all locations|*|Completed|9007199254740993|9223372036854775807",
    "عقود الموردين|عقد AND مورد|Completed|1204|501219328", "דואר הנהלה|from:noa.levi|Failed|0|0",
    "Deal room attachments|hasattachment:true AND participants:tailspin.localhost|Completed|7730|41875931136",
    "Slevová akce – šablony|kind:email AND sleva|Completed|15|1048576",
    "Empty on purpose|subject:\"zzzz no such subject zzzz\"|Completed|0|0",
    "Chats of shift leads|kind:im AND (leak OR valve OR pressure)|Completed|5120|64225280",
    "Not started yet|received>=2025-10-01|NotStarted|0|0",
    "Teams channels Q1|kind:microsoftteams|Completed|26611|3221225472",
    "Phishing wave 14 🎣|subject:\"Your parcel is waiting\"|Completed|912|14680064",
    "Prior art|patent AND (claim OR embodiment)|Completed|3307|9126805504", NULL,
};

static const char *const search_shape[] = {
    "AllowNotFoundExchangeLocationsEnabled b false", "AzureBatchFrameworkEnabled b false", "CaseId s {parentguid}",
    "CaseName s {parent}", "ContentMatchQuery s {2}", "CreatedBy s {by}", "CreatedTime d created", "Description s ",
    "Errors s ", "ExchangeLocation L All", "ExchangeLocationExclusion L ", "HoldNames L ",
    "IncludeUserAppContent b true", "Identity s {guid}", "IsValid b true", "Items l {4}", "JobEndTime d changed",
    "JobId g {guid:job}", "JobRunId g {guid:run}", "JobStartTime d changed-90", "Language n",
    "LastModifiedTime d changed", "LogLevel s Suppressed", "Name s {name}", "OneDriveLocation n",
    "OneDriveLocationExclusion n", "PublicFolderLocation L ", "PublicFolderLocationExclusion L ", "RunBy s {by}",
    "RunspaceId g {guid:runspace}",
    "SharePointLocation L https://contoso.sharepoint.localhost/sites/legal|"
    "https://contoso.sharepoint.localhost/sites/Verträge",
    "SharePointLocationExclusion L ", "Size l {5}", "Status s {3}",
    "SuccessResults s {{Location: {upn:found}, Item count: {int:0-900}, Total size: 41231}, {Location: {upn:other}, "
    "Item count: 3, Total size: 9120}}",
    "TenantId g 6f1dd1a5-6d3c-4c1e-9a53-3f2f1b8d7c10", "UnindexedItems l {int:0-40}", "UnindexedSize l 0", NULL,
};

/* name, made of search and action | action | status | search */
static const char *const actions[] = {
    "Custodian mailboxes_Export|Export|Completed|Custodian mailboxes",
    "Factures 2024_Preview|Preview|Completed|Factures 2024",
    "Phishing wave 14 🎣_Purge|Purge|Completed|Phishing wave 14 🎣", "Prior art_Preview|Preview|InProgress|Prior art",
    "Teams channels Q1_Export|Export|Failed|Teams channels Q1", NULL,
};

/* Results is text in one property, however many items it lists: a reader has to take it apart itself. */
static const char *const action_shape[] = {
    "Action s {2}", "AllowNotFoundExchangeLocationsEnabled b false", "AzureBatchFrameworkEnabled b false",
    "CaseId s {parentguid}", "CaseName s {parent}", "CreatedBy s {by}", "CreatedTime d created", "Description s ",
    "Errors s ", "EstimateSearchJobId g {guid:job}", "EstimateSearchRunId g {guid:run}", "ExchangeLocation L All",
    "ExchangeLocationExclusion L ", "Identity s {guid}", "IsValid b true", "JobEndTime d changed",
    "JobId g {guid:actionjob}", "JobRunId g {guid:actionrun}", "JobStartTime d changed-30",
    "LastModifiedTime d changed", "Name s {name}", "PublicFolderLocation L ", "PublicFolderLocationExclusion L ",
    "Results s {Location: {upn:found}; Sender: {person:sender}; Subject: RE: terms; Type: Email; Size: 48233; "
    "Received Time: 2/11/2025 9:14:02 AM}",
    "Retry b false", "RunBy s {by}", "RunspaceId g {guid:runspace}", "SearchName s {4}", "SharePointLocation L ",
    "SharePointLocationExclusion L ", "Status s {3}", "TenantId g 6f1dd1a5-6d3c-4c1e-9a53-3f2f1b8d7c10", NULL,
};

const struct noun nouns_ediscovery[] = {
    { "ComplianceCase", cases, 24, "|eDiscovery|Active", case_shape, NULL, NULL },
    { "ComplianceCaseMember", members, 48, "", member_shape, "ComplianceCase", "Case" },
    { "CaseHoldPolicy", holds, 8, "|", hold_shape, "ComplianceCase", "Case" },
    { "CaseHoldRule", hold_rules, 8, "", hold_rule_shape, "CaseHoldPolicy", "Policy" },
    { "ComplianceSearch", searches, 60, "|NotStarted|0|0", search_shape, "ComplianceCase", "Case" },
    { "ComplianceSearchAction", actions, 5, "Preview|Starting|", action_shape, "ComplianceCase", "Case" },
    { 0 },
};
