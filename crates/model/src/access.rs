//! Who acts, and the catalogue of operations with the rule for each. Rights over single cases come
//! from packs and are decided by `method`.

use crate::ids::{AccountId, CaseId, DisplayId, PersonId, PlaceId, PostId};
use serde::{Deserialize, Serialize};

/// Who does something. Every use case has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A member of staff, acting as exactly one post.
    Staff {
        /// The account that logged in.
        account: AccountId,
        /// The person behind it.
        person: PersonId,
        /// The post in which the person acts.
        post: PostId,
    },
    /// A resident who logged in.
    Resident {
        /// The person.
        person: PersonId,
    },
    /// Whoever holds a case's claim code.
    Claimant {
        /// That case.
        case: CaseId,
    },
    /// A wall that shows the screen.
    Display {
        /// Which.
        display: DisplayId,
        /// The post as which it looks.
        post: PostId,
        /// The place it shows.
        place: PlaceId,
    },
    /// Somebody unknown.
    Visitor,
    /// The program itself.
    System {
        /// Which job (`clock`, `import`, `init`).
        job: String,
    },
}

impl Actor {
    /// The post in which the actor acts, if any.
    pub fn post(&self) -> Option<PostId> {
        match self {
            Self::Staff { post, .. } | Self::Display { post, .. } => Some(*post),
            _ => None,
        }
    }

    /// The person behind the act, if known.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Staff { person, .. } | Self::Resident { person } => Some(*person),
            _ => None,
        }
    }

    /// A job of the program.
    pub fn system(job: &str) -> Self {
        Self::System { job: job.to_owned() }
    }
}

/// Kinds of actors the permission table has a column for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nobody logged in.
    Visitor,
    /// A claim code.
    Claimant,
    /// A resident.
    Resident,
    /// Staff in a post of an ordinary role.
    Staff,
    /// The system administrator (系统管理员).
    SystemAdmin,
    /// The security administrator (安全管理员).
    SecurityAdmin,
    /// The audit administrator (审计管理员).
    AuditAdmin,
    /// A wall that shows the screen.
    Display,
    /// The program.
    System,
}

/// The roles of the three administrators: mutually exclusive, each appointed by another of them.
pub const ADMINISTRATORS: [&str; 3] = ["system_admin", "security_admin", "audit_admin"];

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident = $word:literal [$($who:ident)+];)+) => {
        /// Every operation a client may ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $($(#[$doc])* $name,)+
        }

        impl Operation {
            /// All operations.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The operation's id in the OpenAPI document, the permission table and the log.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// Who may ask for it at all; what they then see or may do is narrower.
            pub fn admits(self, standing: Standing) -> bool {
                match self { $(Self::$name => matches!(standing, Standing::System $(| Standing::$who)+)),+ }
            }
        }
    };
}

operations! {
    /// Which county this is, for the page before the log-in.
    ShowCounty = "show_county" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// Log in with account and password.
    LogIn = "log_in" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// End the session.
    LogOut = "log_out" [Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// Ask for a resident's code by phone.
    RequestCode = "request_code" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// Log in as a resident.
    LogInResident = "log_in_resident" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// Change the number by which one logs in.
    ChangePhone = "change_phone" [Resident];
    /// Log in by WeChat no more.
    UnbindWeChat = "unbind_wechat" [Resident];
    /// Open a display: a wall that shows the screen.
    OpenDisplay = "open_display" [Staff AuditAdmin];
    /// The displays of the acting post.
    ListDisplays = "list_displays" [Staff AuditAdmin];
    /// Let a display go on for longer.
    RenewDisplay = "renew_display" [Staff AuditAdmin];
    /// End a display of the acting post.
    EndDisplay = "end_display" [Staff AuditAdmin];
    /// Make a browser a display by its code.
    EnterDisplay = "enter_display" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// Who am I, and which posts do I hold.
    ShowMe = "show_me" [Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// Change one's own password.
    ChangePassword = "change_password" [Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Set up or replace one's own second factor.
    SetTotp = "set_totp" [Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Open an account for a member of staff.
    OpenAccount = "open_account" [SecurityAdmin];
    /// Close an account and end its sessions.
    CloseAccount = "close_account" [SecurityAdmin];
    /// Accounts of staff, with the posts of whoever they belong to.
    ListAccounts = "list_accounts" [SecurityAdmin];
    /// Who of the staff is logged in.
    ListSessions = "list_sessions" [SecurityAdmin];
    /// End somebody's session.
    EndSession = "end_session" [SecurityAdmin];
    /// A place with its ancestors.
    ShowPlace = "show_place" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// The places below a place.
    ListPlaces = "list_places" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// Counts of grids, posts, vacancies, households of a place.
    ShowCensus = "show_census" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Who serves an address.
    ListServicePeople = "list_service_people" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Be connected with whoever holds a post, numbers masked.
    CallPost = "call_post" [Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Which places hold a point.
    LocatePoint = "locate_point" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// A tile of the map service beneath the county's outlines.
    ShowTile = "show_tile" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// Overlaps and gaps of a layer with their areas.
    CheckLayer = "check_layer" [Staff SystemAdmin];
    /// Add a place.
    AddPlace = "add_place" [SystemAdmin];
    /// Close a place from a day on.
    ClosePlace = "close_place" [SystemAdmin];
    /// Set a place's outline.
    DrawPlace = "draw_place" [SystemAdmin];
    /// Add an organisation.
    AddOrg = "add_org" [SystemAdmin];
    /// Dissolve an organisation in favour of a successor.
    DissolveOrg = "dissolve_org" [SystemAdmin];
    /// Create a post.
    CreatePost = "create_post" [SystemAdmin];
    /// Appoint a person to a post.
    Appoint = "appoint" [SystemAdmin SecurityAdmin AuditAdmin];
    /// End somebody's holding of a post.
    Dismiss = "dismiss" [SystemAdmin SecurityAdmin AuditAdmin];
    /// Give posts of somebody who moves to others, in one act.
    HandOverPosts = "hand_over_posts" [SystemAdmin];
    /// Persons by name, with the posts they hold and will hold.
    ListPeople = "list_people" [SystemAdmin SecurityAdmin AuditAdmin];
    /// Say that somebody is away.
    SetAbsence = "set_absence" [Staff SystemAdmin];
    /// Organisations by words, kind and place.
    ListOrgs = "list_orgs" [Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Posts of a place or an organisation with their holders.
    ListPosts = "list_posts" [Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Add households to a place.
    RegisterHouseholds = "register_households" [Staff SystemAdmin];
    /// Record a service visit.
    RecordVisit = "record_visit" [Staff];
    /// Count service visits.
    CountVisits = "count_visits" [Staff SystemAdmin AuditAdmin];
    /// Open a case.
    OpenCase = "open_case" [Visitor Resident Staff];
    /// One case.
    ShowCase = "show_case" [Claimant Resident Staff AuditAdmin];
    /// Cases by filter.
    ListCases = "list_cases" [Resident Staff AuditAdmin];
    /// The timeline of a case.
    ShowHistory = "show_history" [Claimant Resident Staff AuditAdmin];
    /// The short messages that told the asker of a case, and how far they came.
    ListMessages = "list_messages" [Staff AuditAdmin];
    /// What the actor may do with a case, and why not.
    ListActions = "list_actions" [Claimant Resident Staff];
    /// Do an action of the procedure.
    ActOnCase = "act_on_case" [Claimant Resident Staff];
    /// Join a similar open case.
    JoinCase = "join_case" [Resident Staff];
    /// Take a joined request out again.
    UnjoinCase = "unjoin_case" [Resident Staff];
    /// Open cases nearby that are similar, in the desk's public words.
    ListSimilar = "list_similar" [Visitor Claimant Resident Staff];
    /// Notices of a place.
    ListNotices = "list_notices"
        [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Publish a notice for a place.
    PublishNotice = "publish_notice" [Staff];
    /// Take a notice back.
    WithdrawNotice = "withdraw_notice" [Staff];
    /// Say that one has read a notice.
    ReadNotice = "read_notice" [Resident];
    /// Registers, and their rows.
    ListRegisters = "list_registers" [Staff AuditAdmin];
    /// Add or change a row of a register that the acting post fills.
    FillRegister = "fill_register" [Staff];
    /// Ledgers, their accounts and bookings.
    ListLedgers = "list_ledgers" [Staff AuditAdmin];
    /// Meetings and ballots.
    ListGatherings = "list_gatherings" [Staff AuditAdmin];
    /// Keep the minutes of a meeting.
    KeepMinutes = "keep_minutes" [Staff];
    /// Cast a vote at a door, or one's own.
    CastVote = "cast_vote" [Staff];
    /// Boards, and what stands on them.
    ListBoards = "list_boards"
        [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Take words off a board.
    WithdrawPublication = "withdraw_publication" [Staff];
    /// What comes round by itself.
    ListCycles = "list_cycles" [Staff SystemAdmin AuditAdmin];
    /// Procedures the actor may open, with their forms.
    ListOpenings = "list_openings" [Visitor Claimant Resident Staff];
    /// Households of a post's ground with their last visit.
    ListDoors = "list_doors" [Staff];
    /// Open requests around a place, in the house's words.
    ListAround = "list_around"
        [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Cases like a case, in the house's words.
    ListAlike = "list_alike" [Staff];
    /// Units and matters suggested for a case, with reasons.
    ListSuggestions = "list_suggestions" [Staff];
    /// Cases of whoever calls from a telephone; the duty desk's only.
    ListByContact = "list_by_contact" [Staff];
    /// Words kept ready by the pack and by the acting post's office.
    ListPhrases = "list_phrases" [Staff];
    /// Keep, change or drop words of the acting post's office.
    KeepPhrases = "keep_phrases" [Staff];
    /// Records of the acting post's desk.
    ListShifts = "list_shifts" [Staff];
    /// Hand a desk over to the next shift, or take it over.
    HandOverShift = "hand_over_shift" [Staff];
    /// Show a masked personal value for a purpose; journalled.
    RevealValue = "reveal_value" [Staff];
    /// A case's receipt with proof.
    ShowReceipt = "show_receipt" [Claimant Resident Staff AuditAdmin];
    /// Upload a photo or file.
    Upload = "upload" [Visitor Claimant Resident Staff];
    /// Open the sealed original of a photo for a purpose; journalled.
    OpenOriginal = "open_original" [Staff];
    /// Fetch an upload, or list those of a case.
    ShowUpload = "show_upload" [Claimant Resident Staff AuditAdmin];
    /// The matters one can report.
    ListMatters = "list_matters" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Rates of a place over a period.
    ShowRates = "show_rates" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// The cases behind a rate.
    ListRateCases = "list_rate_cases" [Staff];
    /// Quantiles of how long cases took.
    ShowDurations = "show_durations" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Counts of a place by matter, unit or child place.
    ShowTallies = "show_tallies" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// What the pack counts for itself.
    ShowIndicators = "show_indicators" [Staff AuditAdmin];
    /// What a screen in a hall shows of a place.
    ShowScreen = "show_screen" [Staff AuditAdmin Display];
    /// The stream of what happened, filtered for the acting post.
    ReadFeed = "read_feed" [Resident Staff AuditAdmin Display];
    /// The newest signed checkpoint.
    ShowCheckpoint = "show_checkpoint" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin Display];
    /// Proof that an entry is in the log.
    ShowProof = "show_proof" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Proof that a later log continues an earlier one.
    ShowConsistency = "show_consistency" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Entries of the journal.
    ListEntries = "list_entries" [AuditAdmin];
    /// Write a backup into a folder of the server.
    MakeBackup = "make_backup" [SystemAdmin];
    /// Backups made.
    ListBackups = "list_backups" [SystemAdmin AuditAdmin];
    /// Compare every table with what follows from the journal.
    VerifyJournal = "verify_journal" [AuditAdmin];
    /// Load a pack.
    LoadPack = "load_pack" [SystemAdmin];
    /// Let running cases go over to another version of the pack, or try it.
    MoveCases = "move_cases" [SystemAdmin];
    /// Packs loaded, and what one changes against another.
    ListPacks = "list_packs" [Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// The procedures of the current pack in words.
    ListProcedures = "list_procedures" [Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// What the forms of the current pack ask and cost.
    ShowBurden = "show_burden" [Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Import a year of holidays and recompute open deadlines.
    ImportCalendar = "import_calendar" [SystemAdmin];
    /// The calendar of a year.
    ShowCalendar = "show_calendar" [Visitor Claimant Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// What is held about me, and who looked at it.
    ShowMyData = "show_my_data" [Resident Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Erase a person's private values.
    ErasePerson = "erase_person" [Resident SecurityAdmin];
    /// Import cases of another system.
    ImportCases = "import_cases" [SystemAdmin];
    /// A list of cases as a workbook; journalled.
    ExportCases = "export_cases" [Staff];
    /// Figures as a workbook; journalled.
    ExportFigures = "export_figures" [Staff AuditAdmin];
    /// What the forms ask and cost as a workbook; journalled.
    ExportBurden = "export_burden" [Staff SystemAdmin SecurityAdmin AuditAdmin];
    /// Answers in another office's template.
    ExportAnswers = "export_answers" [Staff];
}
