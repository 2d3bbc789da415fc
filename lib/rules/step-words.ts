/** What a word says of its text. */
export const WORD_KINDS = { sequence: 1, action: 2, opener: 4, device: 8, address: 16 } as const

/** A kind of word: a bit of a mask. */
export type WordKind = typeof WORD_KINDS[keyof typeof WORD_KINDS]

/** Words that put things in sequence. */
const SEQUENCE = `
step steps first firstly second secondly third then next afterwards finally lastly follow procedure instructions tutorial guide
schritt schritte zuerst zunächst dann danach anschließend schließlich anleitung étape étapes abord ensuite puis enfin suivez
paso pasos primero luego después finalmente siga passo passos primeiro depois seguida primo poi infine passaggio passaggi
stap stappen eerst vervolgens daarna krok kroki najpierw następnie potem шаг шаги сначала затем потом далее наконец
adım önce sonra ardından steg först sedan därefter langkah pertama kemudian lalu خطوة خطوات أولا ثم चरण पहले फिर`

/** Verbs as instructions use them and things that instructions act on. */
const ACTION = `
click tap press select choose enter type install uninstall download upload open launch insert connect disconnect plug unplug
login log sign submit scroll drag copy paste save configure navigate settings menu button toggle enable disable restart reboot
update attach remove tighten unscrew preheat stir pour fold rinse create delete edit verify confirm browse scan switch
pick place wait hold pull push adjust charge replace reset check tick slide type unzip swap format wipe whisk knead simmer sprinkle drain
klicken klicke tippen tippe drücken drücke wählen wähle öffnen öffne installieren geben eingeben einstellungen schalten legen stecken
drehen schieben ziehen halten prüfen notieren entfernen verbinden eintippen einlegen anmelden abmelden speichern gießen rühren
cliquez appuyez sélectionnez choisissez ouvrez saisissez installez téléchargez paramètres posez glissez tapez retirez mettez tournez
branchez vérifiez validez confirmez enlevez placez laissez attendez signez remplissez cochez soulevez montrez indiquez notez imprimez
envoyez coupez versez mélangez ajoutez coche tape retire confirme indique
haga clic pulse seleccione elija abra introduzca instale descargue ajustes acerque marque meta acepte espere teclee saque busque rellene
adjunte firme quite mantenga añada encienda apague apunte ponga coloque gire conecte deje compruebe guarde escriba envíe confirme mezcle
abre pulsa haz pon elige selecciona escribe guarda añade
clique toque selecione escolha insira baixe configurações encoste esvazie passe ponha coloque responda procure escreva junte confira
desenhe digite anule ligue desligue feche troque acrescente misture
clicca premi seleziona scegli apri inserisci installa scarica impostazioni metti gira tieni togli collega scrivi salva conferma controlla
aspetta aggiungi mescola versa
klik druk selecteer kies voer installeer instellingen houd trek duw zet sluit typ vul sleep wacht draai schroef haal noteer vink meld
verwijder controleer kliknij naciśnij wybierz otwórz wpisz zainstaluj ustawienia włóż wyjmij zapisz sprawdź
нажмите выберите откройте введите установите скачайте настройки кнопку проверьте возьмите коснитесь поверните приложите поставьте
прикрепите дождитесь сравните вынимают вставляют поворачивают ставят нажимают вводят закройте подключите снимите положите добавьте
запишите удерживайте выньте вставьте включите выключите сохраните
tıklayın basın seçin açın girin yükleyin ayarlar takın çıkarın klicka tryck välj öppna ange inställningar vrid sätt koppla
ketuk pilih buka masukkan unduh pengaturan tekan انقر اضغط اختر افتح أدخل الإعدادات क्लिक चुनें खोलें दबाएं दर्ज`

/** Words of instruction where they begin a sentence; stories have them inside. */
const OPENER = `
put turn take lift key fill print load send move start stop point mark draw lay stick hand set add use make find let keep leave
look read bring give show ask call pay compare restore run export import write hit walk wash peel beat chop cut bake heat cook boil
serve mix spread cover season cool roll melt grease combine fry slice soak plant water dig prune trim sow sand glue drill measure screw
paint sew thread hang dry wrap feed brush pack book stand repeat tie loosen empty clean scrub avoid never do if rub lower raise
nehmen stellen setzen lassen schreiben zählen waschen schneiden trennen
prenez faites neem leg pak snij`

/** What such a text is about: something that has a screen, a key or a wire. */
const DEVICE = `
app screen display phone computer laptop tablet device printer scanner machine software website browser portal online keyboard console
terminal file folder account server password camera remote dashboard usb wifi bluetooth battery sensor robot thermostat
bildschirm anzeige handy telefon rechner gerät drucker taste schalter konto datei ordner webseite passwort kennwort maske
application écran téléphone ordinateur appareil imprimante touche bouton compte fichier borne internet lecteur automate
aplicación pantalla móvil teléfono ordenador aparato impresora botón tecla menú cuenta archivo cajero página código lector máquina
aplicação aplicativo ecrã tela telemóvel celular computador aparelho visor impressora botão conta ficheiro arquivo leitor
schermo telefono apparecchio stampante tasto pulsante codice lettore macchina sito
scherm telefoon apparaat knop toets bestand kastje
экран экране телефон телефона телефоне компьютер прибор прибора устройство принтер кнопка клавиша клавишей файл сайт сайте код
программа программе программу приложение терминал датчик автомат
ekran telefon komputer urządzenie przycisk skärm dator enhet cihaz bilgisayar layar perangkat`

/** Who is spoken to. */
const ADDRESS = 'you your yourself vous votre usted você u uw jouw вы вас вам ваш ihnen'

/** Words of scripts that put blanks between words, in lower case, with their kind. */
export const STEP_WORDS: ReadonlyArray<readonly [string, WordKind]> = [
  ...kindOf(SEQUENCE, WORD_KINDS.sequence), ...kindOf(ACTION, WORD_KINDS.action), ...kindOf(OPENER, WORD_KINDS.opener),
  ...kindOf(DEVICE, WORD_KINDS.device), ...kindOf(ADDRESS, WORD_KINDS.address)
]

/** Words of scripts that do not: Chinese, Japanese, Korean. */
export const UNSPACED_STEP_WORDS: ReadonlyArray<readonly [string, WordKind]> = [
  ...kindOf('步骤 步驟 首先 然后 然後 接着 最后 最後 第一步 手順 まず 次に ステップ 단계 먼저 다음', WORD_KINDS.sequence),
  ...kindOf(`点击 點擊 选择 選擇 打开 打開 输入 輸入 安装 下载 设置 按住 按下 按一下 扫一扫 扫码 勾上 连上 插好 放到 拿起 取下 关掉 拔掉 选中
クリック タップ 押し 選択 開き 開く 入力 設定 取り外 差し込 클릭 선택 누르 입력 설치 설정`, WORD_KINDS.action),
  ...kindOf('屏幕 手机 电脑 机器 按钮 程序 网页 页面 密码 账号 遥控器 二维码 画面 ボタン パソコン スマホ アプリ 화면 버튼 컴퓨터 휴대폰', WORD_KINDS.device),
  ...kindOf('您 你', WORD_KINDS.address)
]

function kindOf (list: string, kind: WordKind): ReadonlyArray<readonly [string, WordKind]> {
  return list.trim().split(/\s+/).map(word => [word, kind])
}
